// Products of few rows, as a decoder's are: memory is the limit, so B is read once, in its order.
#include "gemm.h"

#if defined(__x86_64__)

#include "gemm_edit.h"
#include "gemm_finish.h"

enum { most_rows = 40, dot_columns = 4, dot_rows = 6, depth_step = 4 };

bool dept_takes_narrow(const dept_product *p) {
  return !p->transpose_a && p->m <= most_rows && p->n >= tile_columns && p->k >= tile_columns;
}

/// A with its edits, `[m, k]`, rows `step` apart and padded with zeros.
AVX512 static void copy_rows(const dept_product *p, ptrdiff_t step, float *out) {
  const prologue pro = prologue_of(p);
  for (ptrdiff_t i = 0; i < p->m; i++) {
    __mmask16 keep = 0;
    for (ptrdiff_t k = 0; k < p->k; k += 16)
      _mm512_storeu_ps(
        out + i * step + k,
        edited(&pro, unedited(&pro, i * p->k + k, lanes_below(p->k - k)), i, k, &keep));
  }
}

INLINE512 __m512 weights_at(const dept_product *p, ptrdiff_t at, __mmask16 inside) {
  if (p->b_element == DEPT_BFLOAT16)
    return widened(_mm256_maskz_loadu_epi16(inside, (const uint16_t *)p->b + at));
  const __m512 x = _mm512_maskz_loadu_ps(inside, (const float *)p->b + at);
  return p->rounding ? rounded_bfloat16(x) : x;
}

INLINE512 void prefetch_weights(const dept_product *p, ptrdiff_t at) {
  const ptrdiff_t size = p->b_element == DEPT_BFLOAT16 ? 2 : 4;
  __builtin_prefetch((const char *)p->b + at * size, 0, 2);
}

// MARK: Transposed B: sums along its rows

/// `out[r][c] = Σ_k a[r][k] · B[column + c][k]`.
INLINE512 void dot_block(
  const int rows, const dept_product *p, const float *a, ptrdiff_t step, ptrdiff_t column,
  float *out) {
  __m512 sums[dot_rows][dot_columns];
  UNROLLED
  for (int r = 0; r < rows; r++) UNROLLED
    for (int c = 0; c < dot_columns; c++) sums[r][c] = _mm512_setzero_ps();
  for (ptrdiff_t k = 0; k < p->k; k += 16) {
    const __mmask16 inside = lanes_below(p->k - k);
    __m512 w[dot_columns];
    UNROLLED
    for (int c = 0; c < dot_columns; c++) {
      w[c] = weights_at(p, (column + c) * p->k + k, inside);
      // Four rows of B further on, which is where the next block begins.
      prefetch_weights(p, (column + c + dot_columns) * p->k + k);
    }
    UNROLLED
    for (int r = 0; r < rows; r++) {
      const __m512 x = _mm512_loadu_ps(a + r * step + k);
      UNROLLED
      for (int c = 0; c < dot_columns; c++) sums[r][c] = _mm512_fmadd_ps(x, w[c], sums[r][c]);
    }
  }
  UNROLLED
  for (int r = 0; r < rows; r++) {
    __m512 four[4] = {sums[r][0], sums[r][1], sums[r][2], sums[r][3]};
    transpose_blocks(four);
    const __m512 parts = _mm512_add_ps(_mm512_add_ps(four[0], four[1]),
      _mm512_add_ps(four[2], four[3]));
    // Lane block b holds the four columns' sums over a quarter of the lanes.
    const __m256 halves =
      _mm256_add_ps(_mm512_castps512_ps256(parts), _mm512_extractf32x8_ps(parts, 1));
    _mm_storeu_ps(
      out + r * tile_columns,
      _mm_add_ps(_mm256_castps256_ps128(halves), _mm256_extractf128_ps(halves, 1)));
  }
}

INLINE512 void dot_rows_of(
  int rows, const dept_product *p, const float *a, ptrdiff_t step, ptrdiff_t column, float *out) {
  switch (rows) {
    case 1: dot_block(1, p, a, step, column, out); break;
    case 2: dot_block(2, p, a, step, column, out); break;
    case 3: dot_block(3, p, a, step, column, out); break;
    case 4: dot_block(4, p, a, step, column, out); break;
    case 5: dot_block(5, p, a, step, column, out); break;
    default: dot_block(6, p, a, step, column, out); break;
  }
}

/// The last columns, fewer than four.
static void dot_edge(
  const dept_product *p, const float *a, ptrdiff_t step, ptrdiff_t column, ptrdiff_t count,
  float *out) {
  for (ptrdiff_t i = 0; i < p->m; i++)
    for (ptrdiff_t c = 0; c < count; c++) {
      float sum = 0;
      for (ptrdiff_t k = 0; k < p->k; k++) {
        const ptrdiff_t at = (column + c) * p->k + k;
        float w;
        if (p->b_element == DEPT_BFLOAT16) {
          const uint32_t bits = (uint32_t)((const uint16_t *)p->b)[at] << 16;
          memcpy(&w, &bits, sizeof w);
        } else {
          w = ((const float *)p->b)[at];
          if (p->rounding) w = rounded_to_bfloat16(w);
        }
        sum += a[i * step + k] * w;
      }
      out[i * tile_columns + c] = sum;
    }
}

AVX512 static void finish(destination *d, const float *sums, ptrdiff_t step) {
  for (ptrdiff_t i = 0; i < d->p->m; i++) {
    d->row = i;
    finish_row(
      d, 0, _mm512_loadu_ps(sums + i * step), _mm512_loadu_ps(sums + i * step + 16));
  }
}

AVX512 static void transposed_columns(
  const dept_product *p, ptrdiff_t left, ptrdiff_t right, ptrdiff_t step, float *memory) {
  float *a = memory, *sums = memory + p->m * step;
  copy_rows(p, step, a);
  destination d = destination_of(p);
  const ptrdiff_t parts = (p->m + dot_rows - 1) / dot_rows;
  for (ptrdiff_t first = left; first < right; first += tile_columns) {
    const ptrdiff_t end = first + tile_columns < right ? first + tile_columns : right;
    if (end - first < tile_columns)
      memset(sums, 0, (size_t)(p->m * tile_columns) * sizeof(float));
    ptrdiff_t column = first;
    for (; column + dot_columns <= end; column += dot_columns)
      for (ptrdiff_t part = 0; part < parts; part++) {
        const ptrdiff_t r0 = p->m * part / parts, r1 = p->m * (part + 1) / parts;
        dot_rows_of(
          (int)(r1 - r0), p, a + r0 * step, step, column,
          sums + r0 * tile_columns + column - first);
      }
    if (column < end) dot_edge(p, a, step, column, end - column, sums + column - first);
    d.column = first;
    finish(&d, sums, tile_columns);
  }
}

// MARK: Plain B: its rows added up

/// `sums[r][0..<16] += Σ_k a[r][k] · B[k0 + k][column..<+16]` for four k, where there are as many.
INLINE512 void add_block(
  const int rows, const dept_product *p, const float *a, ptrdiff_t step, ptrdiff_t k0,
  ptrdiff_t left, ptrdiff_t right, float *sums, ptrdiff_t sums_step) {
  __m512 x[4][depth_step];
  UNROLLED
  for (int r = 0; r < rows; r++) UNROLLED
    for (int k = 0; k < depth_step; k++) x[r][k] = _mm512_set1_ps(a[r * step + k0 + k]);
  for (ptrdiff_t column = left; column < right; column += 16) {
    const __mmask16 inside = lanes_below(right - column);
    __m512 w[depth_step];
    UNROLLED
    for (int k = 0; k < depth_step; k++) {
      w[k] = k0 + k < p->k ? weights_at(p, (k0 + k) * p->n + column, inside)
                           : _mm512_setzero_ps();
      prefetch_weights(p, (k0 + k + 2 * depth_step) * p->n + column);
    }
    UNROLLED
    for (int r = 0; r < rows; r++) {
      float *out = sums + r * sums_step + column - left;
      __m512 y = _mm512_loadu_ps(out);
      UNROLLED
      for (int k = 0; k < depth_step; k++) y = _mm512_fmadd_ps(x[r][k], w[k], y);
      _mm512_storeu_ps(out, y);
    }
  }
}

AVX512 static void plain_columns(
  const dept_product *p, ptrdiff_t left, ptrdiff_t right, ptrdiff_t step, float *memory) {
  const ptrdiff_t sums_step = (right - left + 31) & ~(ptrdiff_t)31;
  float *a = memory, *sums = memory + p->m * step;
  copy_rows(p, step, a);
  memset(sums, 0, (size_t)(p->m * sums_step) * sizeof(float));
  for (ptrdiff_t k0 = 0; k0 < p->k; k0 += depth_step) {
    ptrdiff_t row = 0;
    for (; row + 4 <= p->m; row += 4)
      add_block(
        4, p, a + row * step, step, k0, left, right, sums + row * sums_step, sums_step);
    for (; row < p->m; row++)
      add_block(
        1, p, a + row * step, step, k0, left, right, sums + row * sums_step, sums_step);
  }
  destination d = destination_of(p);
  for (ptrdiff_t column = left; column < right; column += tile_columns) {
    d.column = column;
    finish(&d, sums + column - left, sums_step);
  }
}

// MARK: Threads

/// Columns of plain B that are added up at a time: their sums stay in the first cache. The fewest
/// panels of them that a thread takes.
enum { columns_at_a_time = 512, panels_of_columns = 8 };

static void body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const dept_product *p = context;
  const ptrdiff_t step = ((p->k + 15) & ~(ptrdiff_t)15) + 16;
  const ptrdiff_t left = begin * tile_columns;
  const ptrdiff_t right = end * tile_columns < p->n ? end * tile_columns : p->n;
  float *memory =
    dept_product_scratch((size_t)(p->m * (step + columns_at_a_time + tile_columns)) + 64);
  if (p->transpose_b) return transposed_columns(p, left, right, step, memory);
  for (ptrdiff_t from = left; from < right; from += columns_at_a_time) {
    const ptrdiff_t to = from + columns_at_a_time;
    plain_columns(p, from, to < right ? to : right, step, memory);
  }
}

void dept_narrow_product(const dept_product *p) {
  if (dept_takes_narrow_matrix(p)) return dept_narrow_matrix_product(p);
  const double work = 2.0 * (double)p->m * (double)p->n * (double)p->k;
  const ptrdiff_t panels = (p->n + tile_columns - 1) / tile_columns;
  // Where a panel is no piece of memory but a little of every row, threads take wide ones.
  const ptrdiff_t grain = p->transpose_b ? 1 : panels_of_columns;
  dept_parallel(panels, work < 1e6 ? panels : grain, body, (void *)p);
}

#else

bool dept_takes_narrow(const dept_product *product) {
  (void)product;
  return false;
}

void dept_narrow_product(const dept_product *product) { dept_library_product(product); }

#endif
