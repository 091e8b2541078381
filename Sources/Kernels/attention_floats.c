// Products of attention with float32 operands, by register tiles. Left operands lie by depth,
// `[depth][rows]`, so that neighbouring rows are read together; scores lie as they are.
#include "attention_formats.h"

#if defined(__x86_64__)

// MARK: Products

INLINE512 void tile_by_steps(
  const int rows, const float *a, ptrdiff_t a_step, const float *b, ptrdiff_t count, float *c) {
  tile sums;
  tile_clear(rows, sums);
  tile_accumulate(rows, sums, a, a_step, 1, b, lanes, count);
  tile_store(rows, sums, c, lanes, false);
}

/// The same for 16 lanes.
INLINE512 void tile_by_steps_of_16(
  const int rows, const float *a, ptrdiff_t a_step, const float *b, ptrdiff_t count, float *c) {
  __m512 sums[tile_rows];
  UNROLLED
  for (int r = 0; r < rows; r++) sums[r] = _mm512_setzero_ps();
  for (ptrdiff_t k = 0; k < count; k++) {
    const __m512 x = _mm512_loadu_ps(b + k * lanes);
    UNROLLED
    for (int r = 0; r < rows; r++)
      sums[r] = _mm512_fmadd_ps(_mm512_set1_ps(a[k * a_step + r]), x, sums[r]);
  }
  UNROLLED
  for (int r = 0; r < rows; r++) _mm512_storeu_ps(c + r * lanes, sums[r]);
}

INLINE512 void tile_by_lanes(
  const int rows, const float *a, const float *b, ptrdiff_t count, float *c, ptrdiff_t step) {
  tile sums;
  tile_clear(rows, sums);
  tile_accumulate(rows, sums, a, 1, lanes, b, lanes, count);
  tile_store(rows, sums, c, step, true);
}

AVX512 static void multiply(
  ptrdiff_t rows, const float *left, ptrdiff_t left_step, const float *right, ptrdiff_t depth,
  float *c, ptrdiff_t used) {
  const ptrdiff_t parts = (rows + tile_rows - 1) / tile_rows;
  for (ptrdiff_t part = 0; part < parts; part++) {
    const ptrdiff_t r0 = rows * part / parts, r1 = rows * (part + 1) / parts;
    if (used > 16) {
      WITH_CONSTANT_ROWS(
        (int)(r1 - r0), tile_by_steps, left + r0, left_step, right, depth, c + r0 * lanes)
    } else {
      WITH_CONSTANT_ROWS(
        (int)(r1 - r0), tile_by_steps_of_16, left + r0, left_step, right, depth, c + r0 * lanes)
    }
  }
}

AVX512 static void accumulate(
  ptrdiff_t blocks, ptrdiff_t rows, const float *left, const float *right, ptrdiff_t count,
  float *c, ptrdiff_t wide) {
  (void)blocks;
  const ptrdiff_t parts = (rows + tile_rows - 1) / tile_rows;
  for (ptrdiff_t part = 0; part < parts; part++) {
    const ptrdiff_t r0 = rows * part / parts, r1 = rows * (part + 1) / parts;
    for (ptrdiff_t column = 0; column < wide; column += lanes) {
      WITH_CONSTANT_ROWS(
        (int)(r1 - r0), tile_by_lanes, left + r0 * lanes, right + column * lanes, count,
        c + r0 * wide + column, wide)
    }
  }
}

// MARK: Copies

static ptrdiff_t left_step(ptrdiff_t rows, ptrdiff_t depth) {
  (void)depth;
  return rounded(rows, 16);
}

static ptrdiff_t left_size(ptrdiff_t rows, ptrdiff_t depth) { return rounded(rows, 16) * depth; }
static ptrdiff_t right_size(ptrdiff_t depth) { return depth * lanes; }

/// `out[column·out_step + row] = x[row·step + column]`; rows past `rows` up to a multiple
/// of 16 become 0, which `out` has room for.
AVX512 static void copy_transposed(
  const float *x, ptrdiff_t step, ptrdiff_t rows, ptrdiff_t width, float *out,
  ptrdiff_t out_step) {
  for (ptrdiff_t row = 0; row < rows; row += 16)
    for (ptrdiff_t column = 0; column < width; column += 16) {
      const __mmask16 inside = lanes_below(width - column);
      __m512 in[16], columns[16];
      for (int r = 0; r < 16; r++)
        in[r] = row + r < rows
                  ? _mm512_maskz_loadu_ps(inside, x + (row + r) * step + column)
                  : _mm512_setzero_ps();
      transpose16(in, columns);
      const int valid = width - column < 16 ? (int)(width - column) : 16;
      for (int c = 0; c < valid; c++)
        _mm512_storeu_ps(out + (column + c) * out_step + row, columns[c]);
    }
}

AVX512 static void left_of_rows(
  const void *x, ptrdiff_t step, ptrdiff_t rows, ptrdiff_t depth, float *out) {
  copy_transposed(x, step, rows, depth, out, rounded(rows, 16));
}

static void left_of_columns(
  const void *x, ptrdiff_t step, ptrdiff_t rows, ptrdiff_t depth, float *out) {
  for (ptrdiff_t k = 0; k < depth; k++)
    memcpy(out + k * rounded(rows, 16), (const float *)x + k * step, (size_t)rows * sizeof(float));
}

AVX512 static void right_of_columns(
  const void *x, ptrdiff_t step, ptrdiff_t count, ptrdiff_t depth, float *out) {
  copy_transposed(x, step, count, depth, out, lanes);
}

AVX512 static void right_of_rows(
  const void *x, ptrdiff_t step, ptrdiff_t count, ptrdiff_t width, float *out) {
  const float *rows = x;
  for (ptrdiff_t panel = 0; panel < width; panel += lanes, out += lanes * lanes)
    for (ptrdiff_t row = 0; row < count; row++)
      for (ptrdiff_t column = 0; column < lanes; column += 16)
        _mm512_storeu_ps(
          out + row * lanes + column,
          _mm512_maskz_loadu_ps(
            lanes_below(width - panel - column), rows + row * step + panel + column));
}

static const float *scores_themselves(const float *scores, ptrdiff_t keys, float *out) {
  (void)keys;
  (void)out;
  return scores;
}

const attention_format dept_float_attention = {
  .left_step = left_step,
  .left_size = left_size,
  .right_size = right_size,
  .left_of_rows = left_of_rows,
  .left_of_columns = left_of_columns,
  .right_of_columns = right_of_columns,
  .right_of_rows = right_of_rows,
  .left_of_scores = scores_themselves,
  .right_of_scores = scores_themselves,
  .multiply = multiply,
  .accumulate = accumulate,
  .most_blocks = 1,
};

#endif
