#include "kernels.h"
#include "vectorized.h"

typedef struct {
  ptrdiff_t width;
  const float *x, *y;
  float *out;
} operands;

VECTORIZED static void scale_rows_body(
  void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  for (ptrdiff_t i = begin; i < end; i++) {
    const float *x = o->x + i * o->width;
    float *out = o->out + i * o->width;
    const float factor = o->y[i];
    for (ptrdiff_t j = 0; j < o->width; j++) out[j] = factor * x[j];
  }
}

void dept_scale_rows(
  ptrdiff_t rows, ptrdiff_t width, const float *x, const float *factors, float *y) {
  operands o = {width, x, factors, y};
  dept_parallel(rows, 1 + 16384 / width, scale_rows_body, &o);
}

VECTORIZED static void row_dots_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  FAST_REDUCTIONS
  (void)worker;
  const operands *o = context;
  for (ptrdiff_t i = begin; i < end; i++) {
    const float *x = o->x + i * o->width, *y = o->y + i * o->width;
    float sum = 0;
    for (ptrdiff_t j = 0; j < o->width; j++) sum += x[j] * y[j];
    o->out[i] = sum;
  }
}

void dept_row_dots(ptrdiff_t rows, ptrdiff_t width, const float *x, const float *y, float *dots) {
  operands o = {width, x, y, dots};
  dept_parallel(rows, 1 + 16384 / width, row_dots_body, &o);
}

VECTORIZED double dept_dot(ptrdiff_t count, const float *x, const float *y) {
  FAST_REDUCTIONS
  double sum = 0;
  for (ptrdiff_t i = 0; i < count; i++) sum += (double)x[i] * (double)y[i];
  return sum;
}
