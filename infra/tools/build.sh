#!/bin/sh
# Builds functions as they are deployed: sh infra/tools/build.sh arm64|x86_64 [package's folder]
# They land in target/lambda/<function>/bootstrap, where SAM's own builder looks for them too and finds nothing left to do.
set -eu

case "$1" in
  arm64) target=aarch64-unknown-linux-gnu flag=--arm64 ;;
  x86_64) target=x86_64-unknown-linux-gnu flag= ;;
  *) echo "ARCH is arm64 or x86_64, not $1." >&2; exit 2 ;;
esac
folder=${2:-functions}

if ! [ -d "$(rustc --print target-libdir --target "$target")" ]; then
  echo "Rust's standard library for $1 is missing on this machine. Get it with" >&2
  echo "    rustup target add $target" >&2
  echo "or build for another architecture, which the stack can be deployed for as well: make build ARCH=x86_64" >&2
  echo "(and Architecture=x86_64 in samconfig.toml)." >&2
  exit 1
fi

# From the package's own folder, as SAM does it: cargo would mix in what other packages of the workspace want of libraries.
# shellcheck disable=SC2086 # no flag is no argument
(cd "$folder" && cargo lambda build --release --locked $flag)

# AWS-LC was told to gather no entropy from the processor's jitter (.cargo/config.toml): see that it was heard.
target_directory=$(cargo metadata --no-deps --format-version 1 | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
for library in "$target_directory/$target"/release/build/aws-lc-sys-*/out/*.a; do
  if [ -e "$library" ] && grep -a -q jent_ "$library"; then
    echo "$library gathers entropy from jitter, so functions would start slowly. Clear it: cargo clean --release -p aws-lc-sys" >&2
    exit 1
  fi
done
