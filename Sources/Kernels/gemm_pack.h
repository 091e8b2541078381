// Operands of a tiled product copied as float32 numbers into the order in which tiles read them:
// rows of A in groups of at most 14, `[k][14]`; columns of B in panels of 32, `[k][32]`.
#ifndef DEPT_GEMM_PACK_H
#define DEPT_GEMM_PACK_H

#include "gemm_tiles.h"

/// Rows `row ..< row + rows` of row-major `a` (`[m, k]`), columns `k0 ..< k0 + count`.
/// `k0` is a multiple of 32. The last 16 floats past the group are overwritten.
AVX512 static inline void pack_rows(
  const prologue *p, ptrdiff_t row, int rows, ptrdiff_t k0, ptrdiff_t count, float *out) {
  __mmask16 keep[16];
  for (ptrdiff_t k = 0; k < count; k += 16) {
    const __mmask16 inside = lanes_below(count - k);
    __m512 in[16], columns[16];
    for (int r = 0; r < 16; r++) {
      in[r] = _mm512_setzero_ps();
      if (r < rows)
        in[r] = edited(
          p, unedited(p, (row + r) * p->width + k0 + k, inside), row + r, k0 + k, keep + r);
    }
    transpose16(in, columns);
    // Each store's last two lanes are overwritten by the next one's first.
    const int valid = count - k < 16 ? (int)(count - k) : 16;
    for (int c = 0; c < valid; c++) _mm512_storeu_ps(out + (k + c) * tile_rows, columns[c]);
  }
}

/// The same from a transposed `a` (`[k, m]`), which takes no edits but rounding.
AVX512 static inline void pack_transposed_rows(
  const prologue *p, ptrdiff_t row, int rows, ptrdiff_t k0, ptrdiff_t count, float *out) {
  const __mmask16 inside = lanes_below(rows);
  for (ptrdiff_t k = 0; k < count; k++) {
    __m512 x = _mm512_maskz_loadu_ps(inside, p->a + (k0 + k) * p->rows + row);
    if (p->rounding) x = rounded_bfloat16(x);
    _mm512_storeu_ps(out + k * tile_rows, x);
  }
}

/// Columns `column ..< column + 32` of row-major B (`[k, n]`).
AVX512 static inline void pack_columns(
  const dept_product *p, ptrdiff_t column, ptrdiff_t k0, ptrdiff_t count, float *out) {
  const __mmask16 low = lanes_below(p->n - column), high = lanes_below(p->n - column - 16);
  const ptrdiff_t n = p->n;
  for (ptrdiff_t k = 0; k < count; k++, out += tile_columns) {
    __m512 x, y;
    if (p->b_element == DEPT_BFLOAT16) {
      const uint16_t *b = (const uint16_t *)p->b + (k0 + k) * n + column;
      x = widened(_mm256_maskz_loadu_epi16(low, b));
      y = widened(_mm256_maskz_loadu_epi16(high, b + 16));
    } else {
      const float *b = (const float *)p->b + (k0 + k) * n + column;
      x = _mm512_maskz_loadu_ps(low, b);
      y = _mm512_maskz_loadu_ps(high, b + 16);
      if (p->rounding) {
        x = rounded_bfloat16(x);
        y = rounded_bfloat16(y);
      }
    }
    _mm512_store_ps(out, x);
    _mm512_store_ps(out + 16, y);
  }
}

/// Four columns of four lanes each from 16 rows at `step` bytes, as the four columns' vectors.
INLINE512 void load_columns(const char *source, ptrdiff_t step, __m512 columns[4]) {
  UNROLLED
  for (int i = 0; i < 4; i++) {
    const char *s = source + i * step;
    __m512 x = _mm512_castps128_ps512(_mm_loadu_ps((const float *)s));
    x = _mm512_insertf32x4(x, _mm_loadu_ps((const float *)(s + 4 * step)), 1);
    x = _mm512_insertf32x4(x, _mm_loadu_ps((const float *)(s + 8 * step)), 2);
    columns[i] = _mm512_insertf32x4(x, _mm_loadu_ps((const float *)(s + 12 * step)), 3);
  }
  transpose_blocks(columns);
}

/// Rows `column ..< column + 32` of transposed B (`[n, k]`), one element at a time: the edges.
static inline void pack_edge(
  const dept_product *p, ptrdiff_t column, int lanes, ptrdiff_t k0, ptrdiff_t count, float *out) {
  for (ptrdiff_t k = 0; k < count; k++)
    for (int c = 0; c < lanes; c++) {
      const ptrdiff_t at = (column + c) * p->k + k0 + k;
      float x = 0;
      if (column + c < p->n) {
        if (p->b_element == DEPT_BFLOAT16) {
          const uint32_t bits = (uint32_t)((const uint16_t *)p->b)[at] << 16;
          memcpy(&x, &bits, sizeof x);
        } else {
          x = ((const float *)p->b)[at];
          if (p->rounding) x = rounded_to_bfloat16(x);
        }
      }
      out[k * tile_columns + c] = x;
    }
}

/// Rows `column ..< column + 32` of transposed B (`[n, k]`).
AVX512 static inline void pack_transposed_columns(
  const dept_product *p, ptrdiff_t column, ptrdiff_t k0, ptrdiff_t count, float *out) {
  const bool halves = p->b_element == DEPT_BFLOAT16;
  const ptrdiff_t size = halves ? 2 : 4, unit = halves ? 8 : 4;  // elements in 16 bytes
  for (int half = 0; half < 2; half++, column += 16, out += 16) {
    if (column + 16 > p->n) {
      pack_edge(p, column, 16, k0, count, out);
      continue;
    }
    const char *source = (const char *)p->b + (column * p->k + k0) * size;
    ptrdiff_t k = 0;
    for (; k + unit <= count; k += unit) {
      __m512 columns[4];
      load_columns(source + k * size, p->k * size, columns);
      UNROLLED
      for (int i = 0; i < 4; i++) {
        if (halves) {
          const __m512i pair = _mm512_castps_si512(columns[i]);
          float *o = out + (k + 2 * i) * tile_columns;
          _mm512_store_ps(o, _mm512_castsi512_ps(_mm512_slli_epi32(pair, 16)));
          _mm512_store_ps(
            o + tile_columns,
            _mm512_castsi512_ps(_mm512_and_si512(pair, _mm512_set1_epi32((int)0xFFFF0000))));
        } else {
          const __m512 x = p->rounding ? rounded_bfloat16(columns[i]) : columns[i];
          _mm512_store_ps(out + (k + i) * tile_columns, x);
        }
      }
    }
    if (k < count) pack_edge(p, column, 16, k0 + k, count - k, out + k * tile_columns);
  }
}

#endif
