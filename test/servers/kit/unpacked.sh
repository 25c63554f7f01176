# Packages that can't be installed beside others; sourced after lib.sh. They are unpacked, and run in a mount namespace where
# they look installed.
[ "$(id -u)" = 0 ] || skip 'needs root'
need apt-get unshare
unshare -m true 2>/dev/null || { echo "$NAME: mount namespaces are not allowed here" >&2; exit 78; }

download() {
  local to=$1; shift
  apt-get install -y -q --no-install-recommends --download-only -o Debug::NoLocking=true -o APT::Sandbox::User=root \
    -o Dir::Cache::archives="$to/debs/" "$@" >> "$to/log" 2>&1
}

# unpack DIR PACKAGE...: below DIR/root, with what of their dependencies is not installed
unpack() {
  local to=$1 deb d; shift
  mkdir -p "$to/debs/partial" "$to/root"
  # Without lists of packages, or with old ones, they are not found.
  download "$to" "$@" || { apt-get update -q >> "$to/log" 2>&1 && download "$to" "$@"; } ||
    { tail -n 5 "$to/log" >&2; die 'no packages'; }
  for deb in "$to"/debs/*.deb; do [ ! -e "$deb" ] || dpkg -x "$deb" "$to/root"; done
  # On a system with a merged /usr a real lib/ would hide the one that is there.
  for d in bin sbin lib lib64; do
    [ -d "$to/root/$d" ] || continue
    mkdir -p "$to/root/usr/$d"; cp -a "$to/root/$d/." "$to/root/usr/$d/"; rm -rf "${to:?}/root/$d"
  done
}

# sandboxed DIR COMMAND...: a throw-away file system with the packages unpacked below DIR is laid over /; what is written
# stays there, but for STATE. Sets PID.
sandboxed() {
  local unpacked=$1 W=$DIR/sandbox; shift; mkdir -p "$W"
  STATE=$STATE W=$W UNPACKED=$unpacked/root bg unshare -m --propagation private bash -c '
    mount -t tmpfs kit "$W" && mkdir "$W"/{upper,work,merged} && cp -a "$UNPACKED/." "$W/upper/" &&
    mount -t overlay kit -o "lowerdir=/,upperdir=$W/upper,workdir=$W/work" "$W/merged" || exit 1
    for d in proc dev sys; do mount --rbind "/$d" "$W/merged/$d"; done
    mount -t tmpfs kit "$W/merged/run"; mkdir -p "$W/merged$STATE"; mount --rbind "$STATE" "$W/merged$STATE"
    cd / && exec chroot "$W/merged" "$@"' sandbox "$@"
}
