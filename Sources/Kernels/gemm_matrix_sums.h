// The sums of a product's tile in the matrix unit: two by two of its own, in its registers 0 to 3.
// Two tiles of A's rows are in registers 4 and 5, two of B's columns in 6 and 7.
//
// Sums leave the unit at once but go on their way into memory while it multiplies the next tile: it
// works by itself, and what becomes of a sum keeps the rest of the core busy meanwhile.
#ifndef DEPT_GEMM_MATRIX_SUMS_H
#define DEPT_GEMM_MATRIX_SUMS_H

#include "gemm_tiles.h"
#include "matrix_unit.h"

/// Rows of a product's tile.
enum { matrix_rows = 2 * side };

/// A tile's sums that have left the unit; rows from `next` on still have to reach memory.
typedef struct {
  float sums[matrix_rows * tile_columns] __attribute__((aligned(64)));
  destination destination;
  int next, rows;
} waiting_rows;

/// The calling thread's.
extern _Thread_local waiting_rows dept_waiting_rows;

/// Finishes the rows that wait and lets the unit go.
void dept_end_matrix_products(void);

INLINEMATRIX void clear_sums(void) {
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
}

INLINEMATRIX void finish_next_row(waiting_rows *w) {
  const float *sum = w->sums + w->next * tile_columns;
  finish_row(&w->destination, w->next, _mm512_load_ps(sum), _mm512_load_ps(sum + side));
  w->next++;
}

/// Finishes so many of the waiting rows that at `step` of `steps` their part of all is done.
INLINEMATRIX void finish_share(waiting_rows *w, ptrdiff_t step, ptrdiff_t steps) {
  while (w->next * steps < w->rows * step) finish_next_row(w);
}

/// Finishes the rows that still wait and has those of the unit's sums wait, the first `rows` of
/// them.
INLINEMATRIX void store_sums(waiting_rows *w, int rows, const destination *d) {
  enum { line = tile_columns * sizeof(float) };
  finish_share(w, 1, 1);
  _tile_stored(0, w->sums, line);
  _tile_stored(1, w->sums + side, line);
  _tile_stored(2, w->sums + side * tile_columns, line);
  _tile_stored(3, w->sums + side * tile_columns + side, line);
  w->destination = *d;
  w->next = 0;
  w->rows = rows;
}

#endif
