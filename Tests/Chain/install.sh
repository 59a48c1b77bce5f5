#!/bin/sh
# install.sh PYTHON DIR: puts the stand-in for cast on a PATH, as DIR/cast.
#
# A program under test may hand its children a stripped environment, in which
# the stand-in could not find the Python that has its libraries. So the wrapper
# names that Python itself.
set -eu
[ $# -eq 2 ] || { echo "usage: install.sh PYTHON DIR" >&2; exit 2; }

absolute() { case $1 in /*) printf %s "$1" ;; *) printf %s "$PWD/$1" ;; esac; }
quoted() { printf "'%s'" "$(printf %s "$1" | sed "s/'/'\\\\''/g")"; }

# Not resolved any further: a venv's python is a link, and the link is the venv.
python=$(absolute "$(command -v "$1")")
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
mkdir -p "$2"
cat >"$2/cast" <<END
#!/bin/sh
exec $(quoted "$python") -I $(quoted "$here/cast") "\$@"
END
chmod 755 "$2/cast"
