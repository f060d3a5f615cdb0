#!/usr/bin/env bash
# What a GPU is worth, in one go: the encoders, the whole path through Kafka, the quickstart, and the
# paper's recipe fine-tuned end to end. Prints figures, keeps each step's log and JSON in OUT, and
# exits non-zero when a step failed. Some ten minutes on one large card.
#
#   lab/gpu/measure.sh OUT [DATA]
#
# OUT   folder for logs and JSON
# DATA  recorded outcomes with training, test and out-of-distribution queries; without it nothing is
#       fine-tuned
#
# The fine-tuning multiplies in TF32, the rest in the precision that it names.
#
# PyTorch with CUDA is what DJL is told to take (docs/images.md): PYTORCH_LIBRARY_PATH,
# PYTORCH_VERSION, PYTORCH_FLAVOR. Also from the environment:
#   TURNOUT             the launcher, default the one of this clone
#   SEEDS               of the fine-tuning, all at the same time on one card; default "0 1 2 3 4"
#   STEPS               of each; default 1000, as published
#   ENCODE_QUERIES      4000    ROUTE_QUERIES       200000
#   GPU_ROUTE_QUERIES   40000   QUICKSTART_QUERIES  2000
set -u
out=${1:?usage: lab/gpu/measure.sh OUT [DATA]}
data=${2:-}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
turnout=${TURNOUT:-$here/../../turnout}
seeds=${SEEDS:-0 1 2 3 4}
mkdir -p "$out"
failed=()

# step NAME COMMAND...: logs to OUT/NAME.log; the last line of standard output, if it is JSON, to OUT/NAME.json
step() {
  local name=$1 begun=$SECONDS
  shift
  if "$@" >"$out/$name.log" 2>"$out/$name.err"; then
    tail -n 1 "$out/$name.log" | grep '^{' >"$out/$name.json" || rm -f "$out/$name.json"
    echo "== $name: $((SECONDS - begun)) s"
    grep -v '^{' "$out/$name.log" | tail -n 40
  else
    echo "== $name FAILED after $((SECONDS - begun)) s; $out/$name.err ends with"
    tail -n 15 "$out/$name.err"
    failed+=("$name")
  fi
}

nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader || { echo "no GPU: nvidia-smi finds none" >&2; exit 2; }

step encode "$turnout" bench encode --queries "${ENCODE_QUERIES:-4000}" --rounds 3 --json

if [ -n "$data" ]; then
  begun=$SECONDS
  tuned=()
  for seed in $seeds; do
    NVIDIA_TF32_OVERRIDE=1 "$turnout" train --data "$data" --out "$out/seed-$seed.model" --recipe paper --fine-tune \
      --steps "${STEPS:-1000}" --seed "$seed" --json >"$out/tune-$seed.log" 2>"$out/tune-$seed.err" &
    tuned+=($!)
  done
  for pid in "${tuned[@]}"; do wait "$pid" || failed+=(tune); done
  echo "== fine-tuned with seeds $seeds at the same time: $((SECONDS - begun)) s"
  grep -h -E '^(tuned|took)' "$out"/tune-*.log || tail -n 5 "$out"/tune-*.err
  step judge "$turnout" eval --data "$data" --model "$out"/seed-*.model --no-cache --json
fi

step route "$turnout" bench route --queries "${ROUTE_QUERIES:-200000}" \
  --transformer-queries "${GPU_ROUTE_QUERIES:-40000}" --rounds 2 --paced-seconds 5 --json
step quickstart "$turnout" quickstart --queries "${QUICKSTART_QUERIES:-2000}" --encoder transformer --json

[ ${#failed[@]} -eq 0 ] || { echo "failed: ${failed[*]}" >&2; exit 1; }
