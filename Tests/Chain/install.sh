#!/bin/sh
# install.sh PYTHON DIR: puts the stand-ins for cast and forge on a PATH, as
# DIR/cast and DIR/forge.
#
# A program under test may hand its children a stripped environment, in which
# a stand-in could not find the Python that has its libraries. So the wrappers
# name that Python themselves.
set -eu
[ $# -eq 2 ] || { echo "usage: install.sh PYTHON DIR" >&2; exit 2; }

absolute() { case $1 in /*) printf %s "$1" ;; *) printf %s "$PWD/$1" ;; esac; }
quoted() { printf "'%s'" "$(printf %s "$1" | sed "s/'/'\\\\''/g")"; }

# Not resolved any further: a venv's python is a link, and the link is the venv.
python=$(absolute "$(command -v "$1")")
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
mkdir -p "$2"
wrap() {
    cat >"$2" <<END
#!/bin/sh
exec $(quoted "$python") -I $(quoted "$here/$1") "\$@"
END
    chmod 755 "$2"
}
wrap cast "$2/cast"
wrap forge-stand-in "$2/forge"
