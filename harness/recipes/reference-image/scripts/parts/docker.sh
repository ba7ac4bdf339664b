# --- Docker --------------------------------------------------------------------------------------------------------

engine=docker
tool=vdkr
graph_root=/var/lib/docker

# The storage is packed from outside, so that names begin with its folder.
packed_from=/var/lib
packed=docker

containerd_socket=/run/containerd/containerd.sock
containerd_log=$work_folder/containerd.log
dockerd_log=$work_folder/dockerd.log
containerd_process=
dockerd_process=
# One option for each registry without TLS.
insecure_options=

# dockerd connects to containerd when it starts, so the one must answer before the other begins.
start_engine() {
  for program in containerd dockerd docker; do
    command -v "$program" > /dev/null || fail "There is no $program in this image."
  done
  start_containerd
  start_dockerd
}

start_containerd() {
  mkdir -p /run/containerd /var/lib/containerd
  containerd --log-level info --root /var/lib/containerd --state /run/containerd > "$containerd_log" 2>&1 &
  containerd_process=$!
  # A few seconds; many times that on an emulated processor of a busy machine, as for dockerd.
  await 240 "$containerd_process" has_containerd_socket ||
    fail_with_log "containerd did not come within 240 s." "$containerd_log"
}

has_containerd_socket() {
  [ -S "$containerd_socket" ]
}

start_dockerd() {
  # shellcheck disable=SC2086 # several options
  dockerd --data-root "$graph_root" --storage-driver overlay2 --iptables=true --userland-proxy=false \
    --host unix:///var/run/docker.sock --exec-opt native.cgroupdriver=cgroupfs \
    --containerd "$containerd_socket" $insecure_options > "$dockerd_log" 2>&1 &
  dockerd_process=$!
  await 240 "$dockerd_process" dockerd_answers ||
    fail_with_log "dockerd did not answer within 240 s." "$dockerd_log"
}

dockerd_answers() {
  [ -S /var/run/docker.sock ] && docker info > /dev/null 2>&1
}

# Waits so many seconds at most until a command succeeds, or until the process that it waits for has ended.
await() {
  awaited_process=$2
  read_uptime
  deadline=$((uptime + $1))
  shift 2
  until "$@"; do
    read_uptime
    [ "$uptime" -lt "$deadline" ] && kill -0 "$awaited_process" 2> /dev/null || return 1
    sleep 0.2
  done
}

# Sets `uptime`, in seconds.
read_uptime() {
  read -r uptime _ < /proc/uptime
  uptime=${uptime%.*}
}

# The end of a daemon's log says why it did not come.
fail_with_log() {
  fail "$1
$(tail -n 9 "$2")"
}

# In the reverse order: dockerd stops its containers through containerd. What does not end in time is killed with all
# that uses the store.
end_engine() {
  end_daemon "$dockerd_process" 10
  end_daemon "$containerd_process" 2
  dockerd_process=
  containerd_process=
}

end_daemon() {
  [ -n "$1" ] || return 0
  kill -TERM "$1" 2> /dev/null
  await "$2" "$1" has_ended "$1"
}

has_ended() {
  ! kill -0 "$1" 2> /dev/null
}

# A store that travels has nothing in it that nobody uses, and no daemon that still writes.
settle_storage() {
  docker system prune -f > /dev/null 2>&1
  end_engine
}

# Brings an OCI layout into the store, and sets `image`.
load_layout() {
  image=layout:latest
  skopeo copy --quiet "oci:$1" "docker-daemon:$image"
}

# Sets `root` to the files of `image`. Docker gives them as an archive alone.
open_image() {
  root=$graph_root/layout
  mkdir -p "$root"
  container=$(docker create "$image" true) && docker export "$container" | tar -C "$root" -x
}

# Keeps credentials, which it reads, in memory and readable by root alone. Those of a share win over a password of the
# kernel's command line, since they come later.
keep_credentials() {
  mkdir -p -m 0700 /root/.docker
  (umask 077 && cat > /root/.docker/config.json)
}

