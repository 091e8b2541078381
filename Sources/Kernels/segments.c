// Rows of a packed batch, sequence by sequence.
#include "kernels.h"
#include "vectorized.h"

typedef struct {
  ptrdiff_t sequences, width;
  const int32_t *start, *length;
  const float *x;
  float *y;
  int32_t *row;
} operands;

// Split by columns, which do not know of each other.
VECTORIZED static void maximum_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  const ptrdiff_t width = o->width;
  for (ptrdiff_t s = 0; s < o->sequences; s++) {
    const int32_t first = o->start[s];
    float *y = o->y + s * width;
    int32_t *row = o->row + s * width;
    for (ptrdiff_t j = begin; j < end; j++) {
      y[j] = o->x[first * width + j];
      row[j] = first;
    }
    for (int32_t i = first + 1; i < first + o->length[s]; i++) {
      const float *x = o->x + i * width;
      for (ptrdiff_t j = begin; j < end; j++) {
        // A NaN is larger than every number and not larger than another NaN.
        const bool larger = x[j] > y[j] || (x[j] != x[j] && y[j] == y[j]);
        y[j] = larger ? x[j] : y[j];
        row[j] = larger ? i : row[j];
      }
    }
  }
}

void dept_segment_maximum(
  ptrdiff_t sequences, ptrdiff_t width, const int32_t *start, const int32_t *length,
  const float *x, float *y, int32_t *row) {
  operands o = {sequences, width, start, length, x, y, row};
  dept_parallel(width, 64, maximum_body, &o);
}

static void pull_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  for (ptrdiff_t s = 0; s < o->sequences; s++)
    for (ptrdiff_t j = begin; j < end; j++)
      o->y[o->row[s * o->width + j] * o->width + j] = o->x[s * o->width + j];
}

void dept_segment_maximum_pull(
  ptrdiff_t sequences, ptrdiff_t width, const int32_t *row, const float *dy, float *dx) {
  operands o = {sequences, width, 0, 0, dy, dx, (int32_t *)row};
  dept_parallel(width, 64, pull_body, &o);
}
