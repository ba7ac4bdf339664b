# --- Podman --------------------------------------------------------------------------------------------------------

engine=podman
tool=vpdmn
graph_root=/var/lib/containers/storage

# The storage is packed from inside it, so that names begin with a dot.
packed_from=$graph_root
packed=.

# Podman runs only while it is called.
start_engine() {
  [ -x /usr/bin/podman ] || fail "There is no podman in this image."
}

end_engine() {
  :
}

settle_storage() {
  :
}

# Brings an OCI layout into the store, and sets `image`.
load_layout() {
  image=$(podman pull --quiet "oci:$1")
}

# Sets `root` to the files of `image`.
open_image() {
  root=$(podman image mount "$image")
}

# Keeps credentials, which it reads, in memory and readable by root alone.
keep_credentials() {
  mkdir -p -m 0700 /run/containers /run/containers/0
  (umask 077 && cat > /run/containers/0/auth.json)
  export REGISTRY_AUTH_FILE=/run/containers/0/auth.json
}

