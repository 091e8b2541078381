// Products of few rows by the processor's matrix unit (AMX-BF16). Weights are read once, as they
// lie in memory: where they are transposed, a tile is loaded from 16 of their rows, and the product
// is transposed with them; where not, two of their rows are joined to pairs on the way.
#include "gemm.h"

#if defined(__x86_64__)

#include "gemm_pack_pairs.h"
#include "matrix_unit.h"

/// The most rows of A: two tiles. Elements along k of a tile; words of one.
enum { narrow_rows = 2 * side, tile_depth = 2 * side, tile_words = side * side };

bool dept_takes_narrow_matrix(const dept_product *p) {
  return p->rounding && p->b_element == DEPT_BFLOAT16 && p->m <= narrow_rows &&
         p->n % tile_columns == 0 && p->k % tile_depth == 0 &&
         dept_bfloat16_products() == DEPT_MATRIX_UNIT;
}

typedef struct {
  const dept_product *p;
  /// A with its edits in tiles, `[k / 32][tiles][16][16 words]`.
  const float *a;
} narrow;

/// Rows of A as lines of a tile, 0 past the last: or, `across`, as its columns.
PAIRS static void pack_narrow_rows(const dept_product *p, bool across, float *out) {
  prologue exact = prologue_of(p);
  exact.rounding = false;  // The conversion to pairs rounds.
  const ptrdiff_t tiles = (p->m + side - 1) / side;
  __mmask16 keep[narrow_rows] = {0};
  for (ptrdiff_t k = 0; k < p->k; k += tile_depth)
    for (ptrdiff_t tile = 0; tile < tiles; tile++, out += tile_words) {
      __m512 lines[side], columns[side];
      for (ptrdiff_t r = 0; r < side; r++) {
        const ptrdiff_t row = tile * side + r;
        lines[r] = row < p->m ? _mm512_castsi512_ps(
                                  edited_halves(&exact, row, k, p->k - k, keep + row))
                              : _mm512_setzero_ps();
      }
      if (across) transpose16(lines, columns);
      for (int r = 0; r < side; r++)
        _mm512_store_ps(out + r * side, across ? columns[r] : lines[r]);
    }
}

/// 16 lines of weights further on.
INLINEMATRIX void prefetch_rows(const uint16_t *weights, ptrdiff_t step) {
  UNROLLED
  for (int i = 0; i < side; i++) __builtin_prefetch(weights + i * step, 0, 2);
}

// MARK: Transposed B

/// Columns `column ..< column + 32` of the product: rows of B.
INLINEMATRIX void columns_of_rows(
  const bool both, const narrow *n, destination *d, ptrdiff_t column) {
  const dept_product *p = n->p;
  const uint16_t *first = (const uint16_t *)p->b + column * p->k, *second = first + side * p->k;
  const size_t b_line = (size_t)p->k * sizeof(uint16_t);
  const float *a = n->a;
  enum { line = side * sizeof(float) };
  _tile_zero(0);
  _tile_zero(1);
  if (both) {
    _tile_zero(2);
    _tile_zero(3);
  }
  for (ptrdiff_t k = 0; k < p->k; k += tile_depth) {
    _tile_loadd(4, first + k, b_line);
    _tile_loadd(6, a, line);
    _tile_dpbf16ps(0, 4, 6);
    prefetch_rows(first + k + 2 * side * p->k, p->k);
    _tile_loadd(5, second + k, b_line);
    _tile_dpbf16ps(1, 5, 6);
    prefetch_rows(second + k + 2 * side * p->k, p->k);
    a += tile_words;
    if (both) {
      _tile_loadd(7, a, line);
      _tile_dpbf16ps(2, 4, 7);
      _tile_dpbf16ps(3, 5, 7);
      a += tile_words;
    }
  }
  float sums[4][tile_words] __attribute__((aligned(64)));
  _tile_stored(0, sums[0], line);
  _tile_stored(1, sums[1], line);
  if (both) {
    _tile_stored(2, sums[2], line);
    _tile_stored(3, sums[3], line);
  }
  d->column = column;
  for (int tile = 0; tile <= both; tile++) {
    __m512 lines[side], low[side], high[side];
    for (int r = 0; r < side; r++) lines[r] = _mm512_load_ps(sums[2 * tile] + r * side);
    transpose16(lines, low);
    for (int r = 0; r < side; r++) lines[r] = _mm512_load_ps(sums[2 * tile + 1] + r * side);
    transpose16(lines, high);
    for (ptrdiff_t r = 0; r < side && tile * side + r < p->m; r++) {
      d->row = tile * side + r;
      finish_row(d, 0, low[r], high[r]);
    }
  }
}

// MARK: Plain B

/// Columns that are added up at a time: their sums stay in the first cache.
enum { columns_at_a_time = 256 };

/// Adds to the sums of 32 columns, `[16 or 32][step]`, what 32 rows of B bring.
INLINEMATRIX void add_rows(
  const bool both, const dept_product *p, const float *a, const uint16_t *b, float *sums,
  ptrdiff_t step) {
  float pairs[tile_depth / 2 * tile_columns] __attribute__((aligned(64)));
  const size_t sums_line = (size_t)step * sizeof(float);
  enum { line = side * sizeof(float), panel_line = tile_columns * sizeof(float) };
  UNROLLED
  for (int i = 0; i < side; i++) {
    const uint16_t *rows = b + 2 * i * p->n;
    const __m512i x = _mm512_loadu_si512(rows), y = _mm512_loadu_si512(rows + p->n);
    __builtin_prefetch(rows + tile_depth * p->n, 0, 2);
    __builtin_prefetch(rows + (tile_depth + 1) * p->n, 0, 2);
    _mm512_store_ps(
      pairs + i * tile_columns,
      zipped_halves(_mm512_inserti64x4(x, _mm512_castsi512_si256(y), 1)));
    _mm512_store_ps(
      pairs + i * tile_columns + side, zipped_halves(_mm512_shuffle_i64x2(x, y, 0xEE)));
  }
  _tile_loadd(0, sums, sums_line);
  _tile_loadd(1, sums + side, sums_line);
  _tile_loadd(4, a, line);
  _tile_loadd(6, pairs, panel_line);
  _tile_dpbf16ps(0, 4, 6);
  _tile_loadd(7, pairs + side, panel_line);
  _tile_dpbf16ps(1, 4, 7);
  _tile_stored(0, sums, sums_line);
  _tile_stored(1, sums + side, sums_line);
  if (!both) return;
  sums += side * step;
  _tile_loadd(2, sums, sums_line);
  _tile_loadd(3, sums + side, sums_line);
  _tile_loadd(5, a + tile_words, line);
  _tile_dpbf16ps(2, 5, 6);
  _tile_dpbf16ps(3, 5, 7);
  _tile_stored(2, sums, sums_line);
  _tile_stored(3, sums + side, sums_line);
}

INLINEMATRIX void columns_of_columns(
  const bool both, const narrow *n, destination *d, ptrdiff_t left, ptrdiff_t right) {
  const dept_product *p = n->p;
  float sums[narrow_rows * columns_at_a_time] __attribute__((aligned(64)));
  const ptrdiff_t rows = both ? narrow_rows : side;
  memset(sums, 0, (size_t)(rows * columns_at_a_time) * sizeof(float));
  const float *a = n->a;
  for (ptrdiff_t k = 0; k < p->k; k += tile_depth, a += rows * side)
    for (ptrdiff_t column = left; column < right; column += tile_columns)
      add_rows(
        both, p, a, (const uint16_t *)p->b + k * p->n + column, sums + column - left,
        columns_at_a_time);
  for (d->column = left; d->column < right; d->column += tile_columns)
    for (d->row = 0; d->row < p->m; d->row++) {
      const float *row = sums + d->row * columns_at_a_time + d->column - left;
      finish_row(d, 0, _mm512_load_ps(row), _mm512_load_ps(row + side));
    }
}

// MARK: Threads

MATRIX static void body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const narrow *n = context;
  const bool both = n->p->m > side;
  destination d = destination_of(n->p);
  const ptrdiff_t left = begin * tile_columns, right = end * tile_columns;
  dept_begin_matrix_unit();
  if (n->p->transpose_b)
    for (ptrdiff_t column = left; column < right; column += tile_columns)
      if (both)
        columns_of_rows(true, n, &d, column);
      else
        columns_of_rows(false, n, &d, column);
  else
    for (ptrdiff_t from = left; from < right; from += columns_at_a_time) {
      const ptrdiff_t next = from + columns_at_a_time, to = next < right ? next : right;
      if (both)
        columns_of_columns(true, n, &d, from, to);
      else
        columns_of_columns(false, n, &d, from, to);
    }
  dept_end_matrix_unit();
}

void dept_narrow_matrix_product(const dept_product *p) {
  float *a = dept_product_scratch((size_t)(p->k * narrow_rows / 2));
  pack_narrow_rows(p, p->transpose_b, a);
  narrow n = {p, a};
  const double work = 2.0 * (double)p->m * (double)p->n * (double)p->k;
  // Where a panel is no piece of memory but a little of every row, threads take wide ones.
  const ptrdiff_t panels = p->n / tile_columns;
  const ptrdiff_t grain = p->transpose_b ? 1 : columns_at_a_time / tile_columns;
  dept_parallel(panels, work < 1e6 ? panels : grain, body, &n);
}

#endif
