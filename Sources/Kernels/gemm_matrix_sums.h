// The sums of a product's tile in the matrix unit: two by two of its own, in its registers 0 to 3.
// Two tiles of A's rows are in registers 4 and 5, two of B's columns in 6 and 7.
#ifndef DEPT_GEMM_MATRIX_SUMS_H
#define DEPT_GEMM_MATRIX_SUMS_H

#include "gemm_tiles.h"
#include "matrix_unit.h"

/// Rows of a product's tile.
enum { matrix_rows = 2 * side };

INLINEMATRIX void clear_sums(void) {
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
}

/// The first `rows` rows on their way into memory.
INLINEMATRIX void finish_sums(int rows, const destination *d) {
  float sums[matrix_rows * tile_columns] __attribute__((aligned(64)));
  enum { line = tile_columns * sizeof(float) };
  _tile_stored(0, sums, line);
  _tile_stored(1, sums + side, line);
  _tile_stored(2, sums + side * tile_columns, line);
  _tile_stored(3, sums + side * tile_columns + side, line);
  for (int r = 0; r < rows; r++) {
    const float *sum = sums + r * tile_columns;
    finish_row(d, r, _mm512_load_ps(sum), _mm512_load_ps(sum + side));
  }
}

#endif
