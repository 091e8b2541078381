#include "kernels.h"

typedef struct {
  ptrdiff_t rows, width;
  const float *x;
  float *y;
} operands;

enum { side = 32 };

// Indices are bands of `side` columns of `x`, which are rows of `y`: squares stay in the cache.
static void body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  const ptrdiff_t first = begin * side;
  const ptrdiff_t last = end * side < o->width ? end * side : o->width;
  for (ptrdiff_t top = 0; top < o->rows; top += side) {
    const ptrdiff_t bottom = top + side < o->rows ? top + side : o->rows;
    for (ptrdiff_t j = first; j < last; j++)
      for (ptrdiff_t i = top; i < bottom; i++) o->y[j * o->rows + i] = o->x[i * o->width + j];
  }
}

void dept_transpose(ptrdiff_t rows, ptrdiff_t width, const float *x, float *y) {
  operands o = {rows, width, x, y};
  dept_parallel((width + side - 1) / side, 1 + 16384 / (side * (rows + 1)), body, &o);
}
