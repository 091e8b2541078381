// Register tiles of float32 numbers; bfloat16 operands are widened or rounded while being copied.
#include "gemm.h"

#if defined(__x86_64__)

#include "gemm_pack.h"

INLINE512 void tile_product(
  const int rows, const destination *d, const float *a, const float *b, ptrdiff_t depth) {
  tile sums;
  tile_clear(rows, sums);
  tile_accumulate(rows, sums, a, tile_rows, 1, b, tile_columns, depth);
  UNROLLED
  for (int r = 0; r < rows; r++) finish_row(d, r, sums[r][0], sums[r][1]);
}

AVX512 static void multiply(
  int rows, const destination *d, const float *a, const float *b, ptrdiff_t depth) {
  WITH_CONSTANT_ROWS(rows, tile_product, d, a, b, depth)
}

AVX512 static void pack_group(
  const prologue *p, ptrdiff_t row, int rows, ptrdiff_t k0, ptrdiff_t depth, float *out) {
  if (p->transposed)
    pack_transposed_rows(p, row, rows, k0, depth, out);
  else
    pack_rows(p, row, rows, k0, depth, out);
}

AVX512 static void pack_panel(
  const dept_product *p, ptrdiff_t column, ptrdiff_t k0, ptrdiff_t depth, float *out) {
  if (p->transpose_b)
    pack_transposed_columns(p, column, k0, depth, out);
  else
    pack_columns(p, column, k0, depth, out);
}

const tile_format dept_float_tiles = {
  .rows = tile_rows,
  .columns = tile_columns,
  .group_words = tile_rows,
  .panel_words = tile_columns,
  .depth = largest_depth,
  .elements = 1,
  .unit = 1,
  .pack_group = pack_group,
  .pack_panel = pack_panel,
  .multiply = multiply,
};

#endif
