# --- The registry of the runner ------------------------------------------------------------------------------------

word_takers="$word_takers take_registry_word"
further_steps="$further_steps take_registry"
parameter_registry=
parameter_registry_secure=0
parameter_registry_ca=0
parameter_registry_user=
parameter_registry_pass=
insecure_registries=

take_registry_word() {
  case $word in
    "${prefix}_registry="*) parameter_registry=$value ;;
    "${prefix}_insecure_registry="*) insecure_registries="$insecure_registries $value" ;;
    "${prefix}_registry_secure="*) parameter_registry_secure=$value ;;
    "${prefix}_registry_ca="*) parameter_registry_ca=$value ;;
    "${prefix}_registry_user="*) parameter_registry_user=$value ;;
    "${prefix}_registry_pass="*) parameter_registry_pass=$value ;;
  esac
}

# The runner's registry, else that which the image was built with; `none` is no registry.
take_registry() {
  read_registry_file
  case $parameter_registry in
    none) parameter_registry= ;;
    localhost[:/]*) parameter_registry=10.0.2.2${parameter_registry#localhost} ;;
  esac
  registry_host=${parameter_registry%%/*}
  [ -z "$registry_host" ] || [ "$parameter_registry_secure" = 1 ] ||
    insecure_registries="$insecure_registries $registry_host"
  for registry in $insecure_registries; do
    insecure_options="$insecure_options --insecure-registry $registry"
  done
  [ "$parameter_registry_ca" != 1 ] || trust_registry
  [ -z "$parameter_registry_pass" ] || log_in_to_registry
}

read_registry_file() {
  [ -f /etc/vdkr/registry.conf ] || return 0
  . /etc/vdkr/registry.conf
  [ -n "$parameter_registry" ] || parameter_registry=$VDKR_DEFAULT_REGISTRY
  insecure_registries="$insecure_registries $VDKR_INSECURE_REGISTRIES"
}

trust_registry() {
  [ -f "$share_folder/ca.crt" ] || { warn "The share holds no ca.crt."; return 0; }
  mkdir -p "/etc/docker/certs.d/$registry_host"
  cp "$share_folder/ca.crt" "/etc/docker/certs.d/$registry_host/ca.crt"
}

log_in_to_registry() {
  if password=$(decode_base64 "$parameter_registry_pass"); then
    login=$(printf '%s:%s' "$parameter_registry_user" "$password" | base64 -w 0)
    keep_credentials << end
{"auths": {"$registry_host": {"auth": "$login"}}}
end
  else
    warn "The password of the registry is not base64."
  fi
}

