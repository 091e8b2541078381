// Taking the processor's matrix unit, and letting it go.
#if defined(__x86_64__)

#include "matrix_unit.h"

/// What `_tile_loadconfig` reads (palette 1).
typedef struct {
  uint8_t palette, start_row, reserved[14];
  uint16_t row_bytes[16];
  uint8_t rows[16];
} __attribute__((aligned(64))) tile_shapes;

MATRIX void dept_begin_matrix_unit(void) {
  tile_shapes shapes = {.palette = 1};
  for (int i = 0; i < 8; i++) {
    shapes.row_bytes[i] = side * sizeof(float);
    shapes.rows[i] = side;
  }
  _tile_loadconfig(&shapes);
}

MATRIX void dept_end_matrix_unit(void) { _tile_release(); }

#endif
