#!/bin/sh
# Verifies images on many nodes of a Slurm cluster and joins their reports into one verdict.
#   slurm.sh HARNESS OUT NODES IMAGE... [OPTIONS of verify.mjs]
# HARNESS is a checkout, set up on every node; OUT is a folder that all nodes share. The exit code is the verdict's.
set -eu
if [ $# -lt 4 ]; then
  echo "usage: $0 HARNESS OUT NODES IMAGE..." >&2
  exit 2
fi
harness=$(realpath "$1") out=$(realpath -m "$2") nodes=$3
shift 3
mkdir -p "$out"
# sh reads its arguments back as they were: names of images may hold blanks.
array=$(sbatch --parsable --array="1-$nodes" --output="$out/node-%a.log" --export=ALL,HARNESS="$harness",OUT="$out" \
  /dev/stdin "$@" <<'NODE'
#!/bin/sh
cd "$HARNESS" && exec npx zx harness/verify.mjs "$@" --shard auto --out "$OUT/part-$SLURM_ARRAY_TASK_ID"
NODE
)
# afterany: a node whose image does not conform, or that left no report, must not keep the verdict away.
sbatch --wait --dependency="afterany:$array" --output="$out/merge.log" \
  --export=ALL,HARNESS="$harness",OUT="$out",NODES="$nodes" /dev/stdin <<'MERGE'
#!/bin/sh
cd "$HARNESS" && exec npx zx harness/verify.mjs merge "$OUT"/part-* --expect "$NODES" --out "$OUT/merged"
MERGE
