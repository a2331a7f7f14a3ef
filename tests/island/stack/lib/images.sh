# shellcheck shell=bash disable=SC2154
# The images kept between runs: one of Debian's packages, and thin ones on top.

# What decides an image's content: the hash of the files under these paths.
hash_of() { (cd "$stack" && find "$@" -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-12); }

images() {
    local base lock
    # Two that start at once make them once.
    exec {lock}>"${TMPDIR:-/tmp}/gonogo-island.lock"
    flock "$lock"
    docker version >/dev/null || die "needs a Docker Engine"
    base=gonogo-island-base:$(hash_of base)
    borrow "$base"
    there "$base" || import "$base"
    thin gonogo-island-postgres postgres
    thin gonogo-island-qdrant-standin qdrant
    thin gonogo-island-node node
    thin gonogo-island-server server project
    # A base of another content goes, unless something stands on it.
    docker image ls --filter reference=gonogo-island-base --format '{{.Repository}}:{{.Tag}}' | grep -vxF "$base" |
        xargs --no-run-if-empty docker image rm >/dev/null 2>&1 || true
    exec {lock}>&-
}

there() { docker image inspect "$1" >/dev/null 2>&1; }

import() {
    command -v mmdebstrap >/dev/null || die "needs mmdebstrap (Debian: mmdebstrap)"
    say "makes $1 of Debian's packages"
    "$stack/base/build" | docker import --change "LABEL $label=image" - "$1" >/dev/null || {
        docker image rm --force "$1" >/dev/null 2>&1
        die "no image of Debian's packages"
    }
}

# An engine of our own takes the base from the machine's, where it is there: that is sooner than making it.
borrow() {
    local machine=unix:///var/run/docker.sock
    [[ ${DOCKER_HOST:-$machine} != "$machine" ]] || return 0
    ! there "$1" || return 0
    docker --host "$machine" image inspect "$1" >/dev/null 2>&1 || return 0
    say "copies $1 from the machine's engine"
    docker --host "$machine" save "$1" | docker load --quiet >/dev/null
}

# A thin image: the base with these folders in /usr/share/island, and with what the first one's file `image` says, in
# the words of a Dockerfile. `docker build` would look at all files of the base once for each of those words, which
# takes seconds each with some of the engine's storage drivers; this does once.
thin() {
    local name=$1 hash line container old
    local -a changes
    shift
    hash=$base-$(hash_of "$@")
    [[ $(docker image inspect --format "{{index .Config.Labels \"$label.hash\"}}" "$name" 2>/dev/null) != "$hash" ]] ||
        return 0
    say "makes $name"
    old=$(docker image inspect --format '{{.Id}}' "$name" 2>/dev/null || true)
    changes=(--change "LABEL $label=image $label.hash=$hash")
    while read -r line; do
        [[ $line == '#'* ]] || changes+=(--change "$line")
    done <"$stack/$1/image"
    container=$(docker create --label "$label=image" "$base" true)
    # `docker cp` makes no folder but the last of a path.
    tar -c --directory "$stack" --owner 0 --group 0 --transform 's,^,usr/share/island/,' "$@" |
        docker cp - "$container:/"
    docker commit "${changes[@]}" "$container" "$name" >/dev/null
    docker rm "$container" >/dev/null
    # One that is in use stays, without a name, until stack clean.
    [[ -z $old ]] || docker image rm "$old" >/dev/null 2>&1 || true
}

# Images stand on each other: the thin ones go first.
clean() {
    local -a found
    local name
    # Of one whose making was cut off.
    mapfile -t found < <(docker ps -aq --filter "label=$label=image")
    ((${#found[@]} == 0)) || docker rm --force "${found[@]}" >/dev/null
    # What was replaced while it was in use has no name: the prune is for that.
    for name in gonogo-island-{postgres,qdrant-standin,node,server,base}; do
        mapfile -t found < <(docker image ls --format '{{.Repository}}:{{.Tag}}' --filter "reference=$name")
        ((${#found[@]} == 0)) || docker image rm --force "${found[@]}" >/dev/null
        docker image prune --force --filter "label=$label=image" >/dev/null
    done
}
