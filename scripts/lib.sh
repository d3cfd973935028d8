# Functions for the scripts and .ci/run. Sourced, not run.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

# The Debian release; the names of these packages are known for 12 and 13.
release=$(. /etc/os-release && echo "${ID-} ${VERSION_ID-} ${VERSION_CODENAME-}")
case $release in
  'debian 13 '*) postgresql=17 boost=libboost-dev ;;
  *)             postgresql=15 boost=libboost1.81-dev ;;  # libboost-dev is too old: 1.74
esac

build_packages=(g++ cmake ninja-build pkg-config libabsl-dev libcurl4-openssl-dev libre2-dev
                libgtest-dev libgmock-dev)
test_packages=(catch2 ccache "$boost" libbenchmark-dev libjsoncpp-dev memcached nghttp2-server nginx openssl
               postgresql-$postgresql python3 redis-server tmux)
lint_packages=(clang-format clang-tidy)
clang_packages=(clang libclang-rt-14-dev)

say() { printf '\n==> %s\n' "$*"; }
die() { printf '\n%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

# install PACKAGE...: installs missing Debian packages. Asks nothing, starts no daemon.
install() {
  local missing=() as_root=()
  if [[ $release != 'debian 12 '* && $release != 'debian 13 '* ]]; then
    say "Not Debian 12 or 13. Install the equivalents of these packages: $*"
    require_build_tools
    return
  fi
  mapfile -t missing < <(missing_packages "$@")
  if (( ${#missing[@]} == 0 )); then
    say "All packages are there"
    return
  fi
  if (( EUID != 0 )); then
    if ! command -v sudo > /dev/null; then
      say "Neither root nor sudo is available: please install ${missing[*]}"
      require_build_tools
      return
    fi
    as_root=(sudo)
  fi

  say "Installing ${missing[*]}"
  make_quiet_tools
  local apt=(
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
    apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0
    -o "DPkg::Path=$root/build/quiet-tools:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
  "${apt[@]}" update < /dev/null
  "${apt[@]}" install --no-install-recommends "${missing[@]}" < /dev/null
}

missing_packages() {
  local package
  for package; do
    if [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null) != installed ]]; then
      echo "$package"
    fi
  done
}

require_build_tools() {
  local tool
  for tool in c++ cmake ninja pkg-config; do
    command -v "$tool" > /dev/null || die "$tool is not installed"
  done
}

# The tests need the programs of redis, PostgreSQL, nginx and memcached, but no daemons on this
# machine, now or after the next boot, and no PostgreSQL cluster. The packages' scripts call these
# tools without a path, so dpkg can be given tools that do nothing.
make_quiet_tools() {
  local tool
  mkdir -p build/quiet-tools
  for tool in invoke-rc.d update-rc.d deb-systemd-invoke deb-systemd-helper pg_createcluster; do
    ln -sf /bin/true "build/quiet-tools/$tool"
  done
}

# package_site: the site from which this machine gets its packages.
package_site() {
  apt-get indextargets --format '$(SITE) $(RELEASE)' 'Created-By: Packages' |
    awk -v codename="${release##* }" '$2 == codename { print $1; exit }'
}

# unpack_catch2_3 DIRECTORY: Debian 12 has Catch2 2, and version 3 in its backports. Unpacked
# without being installed, from the site of this machine's packages.
unpack_catch2_3() {
  local directory=$root/$1
  [[ ! -e $directory/usr/lib/cmake/Catch2 ]] || return 0
  say "Unpacking Catch2 3 into $1"
  rm -rf "$directory"
  mkdir -p "$directory/apt/lists/partial"
  local key=/usr/share/keyrings/debian-archive-keyring.gpg
  echo "deb [signed-by=$key] $(package_site) ${release##* }-backports main" \
    > "$directory/apt/sources.list"
  local apt=(apt-get -q -o "Dir::Etc::SourceList=$directory/apt/sources.list" -o Dir::Etc::SourceParts=-
             -o "Dir::State::Lists=$directory/apt/lists" -o Dir::Cache::PkgCache= -o Dir::Cache::SrcPkgCache=
             -o APT::Sandbox::User=root)
  (cd "$directory/apt" && "${apt[@]}" update && "${apt[@]}" download libcatch2-dev)
  dpkg -x "$directory"/apt/libcatch2-dev_*.deb "$directory"
}

# configure PRESET
configure() {
  local options=()
  if command -v ccache > /dev/null; then
    export CCACHE_DIR=${CCACHE_DIR:-$root/build/ccache}
    options+=(-DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  fi
  say "Configuring build/$1"
  cmake --preset "$1" "${options[@]}"
}

# build PRESET [TARGET...]
build() {
  local preset=$1
  shift
  say "Building build/$preset"
  cmake --build --preset "$preset" ${1+--target "$@"}
}

# run_tests PRESET [CTEST-OPTION...]: in parallel, more than there are processors, since most of the
# tests wait.
run_tests() {
  local preset=$1
  shift
  say "Running the tests of build/$preset"
  CTEST_PARALLEL_LEVEL=${CTEST_PARALLEL_LEVEL:-$((2 * $(nproc)))} ctest --preset "$preset" "$@"
}
