// Register tiles of float32 numbers for processors with a matrix unit (AMX-BF16), which multiplies
// bfloat16 numbers sixteen times as fast as vectors multiply float32 ones. Every number is the sum
// of three bfloat16 numbers of falling size, exactly: 24 bits in three times 8. Of the nine
// products of the parts of two numbers, the six largest are added; the others are smaller than
// 2^-25 of the product, less than what rounding a float32 product loses.
//
// Infinite operands, and those that bfloat16 rounds to infinity, give NaN; what lies below 2^-126
// counts as 0.
#include "gemm.h"

#if defined(__x86_64__)

#include "gemm_matrix_sums.h"
#include "gemm_pack_pairs.h"

/// Elements along k that a block of tiles holds.
enum { block_depth = 2 * side };

/// Words of 32 rows or columns of a block: one part, and all three.
enum { part_words = matrix_rows * side, parts = 3, block_words = parts * part_words };

static ptrdiff_t blocks_of(ptrdiff_t depth) { return (depth + block_depth - 1) / block_depth; }

/// 32 numbers as three parts, the largest first.
INLINEPAIRS void split(__m512 x, __m512 y, __m512i out[parts]) {
  UNROLLED
  for (int i = 0; i < parts; i++) {
    out[i] = halves_of(x, y);
    x = _mm512_sub_ps(x, widened(_mm512_castsi512_si256(out[i])));
    y = _mm512_sub_ps(y, widened(_mm512_extracti64x4_epi64(out[i], 1)));
  }
}

/// A row of a block of A, whose line in the first part is `out`.
INLINEPAIRS void store_split_row(__m512 x, __m512 y, float *out) {
  __m512i halves[parts];
  split(x, y, halves);
  UNROLLED
  for (int i = 0; i < parts; i++) _mm512_storeu_si512(out + i * part_words, halves[i]);
}

/// At most 32 rows as `[blocks][parts][32][16 words]`.
PAIRS static void pack_split_rows(
  const prologue *p, ptrdiff_t row, int rows, ptrdiff_t k0, ptrdiff_t count, float *out) {
  for (int r = 0; r < rows; r++) {
    __mmask16 keep = 0;
    for (ptrdiff_t k = 0; k < count; k += block_depth) {
      __m512 x[2];
      edited_vectors(p, row + r, k0 + k, count - k, &keep, x);
      store_split_row(x[0], x[1], out + k / block_depth * block_words + r * side);
    }
  }
}

/// The same from a transposed A (`[k, m]`), which takes no edits.
PAIRS static void pack_split_columns(
  const prologue *p, ptrdiff_t row, int rows, ptrdiff_t k0, ptrdiff_t count, float *out) {
  for (ptrdiff_t k = 0; k < count; k += block_depth, out += block_words)
    for (int half = 0; half * side < rows; half++) {
      const __mmask16 inside = lanes_below(rows - half * side);
      __m512 in[side], x[side], y[side];
      const float *a = p->a + (k0 + k) * p->rows + row + half * side;
      for (ptrdiff_t i = 0; i < side; i++)
        in[i] =
          k + i < count ? _mm512_maskz_loadu_ps(inside, a + i * p->rows) : _mm512_setzero_ps();
      transpose16(in, x);
      for (ptrdiff_t i = 0; i < side; i++)
        in[i] = k + side + i < count ? _mm512_maskz_loadu_ps(inside, a + (side + i) * p->rows)
                                     : _mm512_setzero_ps();
      transpose16(in, y);
      for (int r = 0; r < side; r++)
        store_split_row(x[r], y[r], out + (half * side + r) * side);
    }
}

PAIRS static void pack_split_group(
  const prologue *p, ptrdiff_t row, int rows, ptrdiff_t k0, ptrdiff_t count, float *out) {
  if (rows < matrix_rows) memset(out, 0, (size_t)(blocks_of(count) * block_words) * sizeof(float));
  if (p->transposed)
    pack_split_columns(p, row, rows, k0, count, out);
  else
    pack_split_rows(p, row, rows, k0, count, out);
}

/// 32 columns as `[blocks][parts][16 pairs][32 words]`; what is past the last row is 0.
PAIRS static void pack_split_panel(
  const dept_product *p, ptrdiff_t column, ptrdiff_t k0, ptrdiff_t count, float *out) {
  float block[block_depth * tile_columns] __attribute__((aligned(64)));
  for (ptrdiff_t k = 0; k < count; k += block_depth, out += block_words) {
    const ptrdiff_t there = count - k < block_depth ? count - k : block_depth;
    if (there < block_depth) memset(block, 0, sizeof block);
    if (p->transpose_b)
      pack_transposed_columns(p, column, k0 + k, there, block);
    else
      pack_columns(p, column, k0 + k, there, block);
    for (int pair = 0; pair < side; pair++)
      UNROLLED
      for (int c = 0; c < tile_columns; c += side) {
        const float *x = block + 2 * pair * tile_columns + c;
        __m512i halves[parts];
        split(_mm512_load_ps(x), _mm512_load_ps(x + tile_columns), halves);
        UNROLLED
        for (int i = 0; i < parts; i++)
          _mm512_store_ps(
            out + i * part_words + pair * tile_columns + c, zipped_halves(halves[i]));
      }
  }
}

/// The products of the parts in the unit's registers.
INLINEMATRIX void multiply_parts(void) {
  _tile_dpbf16ps(0, 4, 6);
  _tile_dpbf16ps(1, 4, 7);
  _tile_dpbf16ps(2, 5, 6);
  _tile_dpbf16ps(3, 5, 7);
}

/// A part of 32 rows of A, and of 32 columns of B.
INLINEMATRIX void load_rows(const float *a) {
  _tile_loadd(4, a, side * sizeof(float));
  _tile_loadd(5, a + side * side, side * sizeof(float));
}

INLINEMATRIX void load_columns_of_part(const float *b) {
  _tile_loadd(6, b, tile_columns * sizeof(float));
  _tile_loadd(7, b + side, tile_columns * sizeof(float));
}

INLINEMATRIX void prefetch_part(const float *words) {
  prefetch_lines(words);
  prefetch_lines(words + side * side);
}

MATRIX static void multiply(
  int rows, const destination *d, const float *a, const float *b, ptrdiff_t steps) {
  waiting_rows *waiting = &dept_waiting_rows;
  clear_sums();
  // In an order in which a load brings one operand, not both. The large products come last.
  for (ptrdiff_t step = 0; step < steps; step += block_depth) {
    load_rows(a);
    load_columns_of_part(b + 2 * part_words);
    prefetch_part(a + block_words);
    multiply_parts();
    load_columns_of_part(b + part_words);
    prefetch_part(b + block_words);
    multiply_parts();
    load_rows(a + part_words);
    prefetch_part(b + block_words + part_words);
    multiply_parts();
    load_columns_of_part(b);
    prefetch_part(b + block_words + 2 * part_words);
    multiply_parts();
    load_rows(a + 2 * part_words);
    prefetch_part(a + block_words + part_words);
    multiply_parts();
    load_rows(a);
    prefetch_part(a + block_words + 2 * part_words);
    multiply_parts();
    a += block_words;
    b += block_words;
    finish_share(waiting, step, steps);
  }
  store_sums(waiting, rows, d);
}

const tile_format dept_split_tiles = {
  .rows = matrix_rows,
  .columns = tile_columns,
  .group_words = block_words / block_depth,
  .panel_words = block_words / block_depth,
  .depth = 512,
  .elements = 1,
  .unit = block_depth,
  .pack_group = pack_split_group,
  .pack_panel = pack_split_panel,
  .multiply = multiply,
  .begin = dept_begin_matrix_unit,
  .end = dept_end_matrix_products,
};

#endif
