#include "kernels.h"
#include "vectorized.h"

typedef struct {
  ptrdiff_t width;
  const float *x, *dy;
  float *y;
} operands;

VECTORIZED static void softmax_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  FAST_REDUCTIONS
  (void)worker;
  const operands *o = context;
  for (ptrdiff_t i = begin; i < end; i++) {
    const float *x = o->x + i * o->width;
    float *y = o->y + i * o->width;
    float largest = x[0], sum = 0;
    for (ptrdiff_t j = 1; j < o->width; j++) largest = x[j] > largest ? x[j] : largest;
    for (ptrdiff_t j = 0; j < o->width; j++) sum += y[j] = fast_exp(x[j] - largest);
    const float factor = 1.0f / sum;
    for (ptrdiff_t j = 0; j < o->width; j++) y[j] *= factor;
  }
}

void dept_softmax(ptrdiff_t rows, ptrdiff_t width, const float *x, float *y) {
  operands o = {width, x, 0, y};
  dept_parallel(rows, 1 + 4096 / width, softmax_body, &o);
}

VECTORIZED static void pull_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  FAST_REDUCTIONS
  (void)worker;
  const operands *o = context;
  for (ptrdiff_t i = begin; i < end; i++) {
    const float *y = o->x + i * o->width, *dy = o->dy + i * o->width;
    float *dx = o->y + i * o->width;
    float dot = 0;
    for (ptrdiff_t j = 0; j < o->width; j++) dot += y[j] * dy[j];
    for (ptrdiff_t j = 0; j < o->width; j++) dx[j] = y[j] * (dy[j] - dot);
  }
}

void dept_softmax_pull(
  ptrdiff_t rows, ptrdiff_t width, const float *y, const float *dy, float *dx) {
  operands o = {width, y, dy, dx};
  dept_parallel(rows, 1 + 8192 / width, pull_body, &o);
}
