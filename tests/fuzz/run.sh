#!/usr/bin/env bash
# tests/fuzz/run.sh SECONDS: builds the fuzz targets with clang and runs each for so long, beginning
# with the fixtures. FUZZ_TARGETS names some of them. A finding is a file in build/fuzz/findings and exit status 1. Corpora stay in
# build/fuzz/corpus for the next run.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:?how many seconds for each target}
nice -n 5 cmake --preset fuzz >/dev/null
nice -n 5 cmake --build --preset fuzz --parallel "$(nproc)" --target fuzz

out=build/fuzz
mkdir -p "$out"/{findings,seeds/{table,json,values,dates,workbook,zip}}
cp tests/fixtures/intake/*.{csv,txt} "$out/seeds/table/"
cp tests/fixtures/intake/*.json "$out/seeds/json/"
# seeds TARGET TEXT...
seeds() {
  local text
  for text in "${@:2}"; do
    printf '%s' "$text" >"$out/seeds/$1/$(printf '%s' "$text" | cksum | cut -d' ' -f1)"
  done
}
seeds values 12.6亿元 3,200万元 约30 三千二百万元 百分之九十五 １２．６％ 1.26E+09 '=A1+B1' '#DIV/0!' \
  '#,##0.00"万元"' '0.0%' \
  '[>=100000000]0!.00,,"亿元";[>=10000]0!.0,"万元";0"元"' '_ * #,##0.00_ ;_ * \-#,##0.00_ ;_ * "-"??_ ;_ @_ '
seeds dates 2026-06-30 1-6月 2026年6月30日 上半年 46203 二〇二六年六月三十日 截至第2季度末 '2026/6/30 8:30' \
  'yyyy"年"m"月"' 'm/d/yy h:mm' 2026年1—6月重点工作完成情况表
/usr/bin/python3 tests/fixtures/workbooks.py "$out/seeds/workbook" --stored 2>/dev/null || true
rm -f "$out"/seeds/workbook/bomb.xlsx
cp "$out"/seeds/workbook/{plain,runs,written}.xlsx "$out/seeds/zip/" 2>/dev/null || true
seeds workbook '<row r="1"><c r="A1" t="inlineStr"><is><r><t>12.6</t></r></is></c></row>'

for target in ${FUZZ_TARGETS:-values dates json table workbook zip}; do
  mkdir -p "$out/corpus/$target"
  printf '%s for %s s\n' "$target" "$seconds"
  "$out/bin/${target}_fuzz" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=3000 \
    -max_len=20000 -print_final_stats=0 -verbosity=0 -artifact_prefix="$out/findings/$target-" \
    "$out/corpus/$target" "$out/seeds/$target"
done
