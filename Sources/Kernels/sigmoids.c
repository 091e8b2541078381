// The logistic function and what is made of it. Backward reads what is cheapest: the result where
// the slope is a polynomial in it, else the operand.
#include "kernels.h"
#include "vectorized.h"

enum { grain = 4096 };

typedef struct {
  const float *x, *dy;
  float *y;
} operands;

INLINE float logistic(float x) { return 1.0f / (1.0f + fast_exp(-x)); }

VECTORIZED static void sigmoid_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  for (ptrdiff_t i = begin; i < end; i++) o->y[i] = logistic(o->x[i]);
}

void dept_sigmoid(ptrdiff_t count, const float *x, float *y) {
  operands o = {x, 0, y};
  dept_parallel(count, grain, sigmoid_body, &o);
}

VECTORIZED static void sigmoid_pull_body(
  void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  for (ptrdiff_t i = begin; i < end; i++) o->y[i] = o->dy[i] * o->x[i] * (1.0f - o->x[i]);
}

void dept_sigmoid_pull(ptrdiff_t count, const float *y, const float *dy, float *dx) {
  operands o = {y, dy, dx};
  dept_parallel(count, grain, sigmoid_pull_body, &o);
}

VECTORIZED static void tanh_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  for (ptrdiff_t i = begin; i < end; i++) o->y[i] = fast_tanh(o->x[i]);
}

void dept_tanh(ptrdiff_t count, const float *x, float *y) {
  operands o = {x, 0, y};
  dept_parallel(count, grain, tanh_body, &o);
}

VECTORIZED static void tanh_pull_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  for (ptrdiff_t i = begin; i < end; i++) o->y[i] = o->dy[i] * (1.0f - o->x[i] * o->x[i]);
}

void dept_tanh_pull(ptrdiff_t count, const float *y, const float *dy, float *dx) {
  operands o = {y, dy, dx};
  dept_parallel(count, grain, tanh_pull_body, &o);
}

VECTORIZED static void silu_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  for (ptrdiff_t i = begin; i < end; i++) o->y[i] = o->x[i] * logistic(o->x[i]);
}

void dept_silu(ptrdiff_t count, const float *x, float *y) {
  operands o = {x, 0, y};
  dept_parallel(count, grain, silu_body, &o);
}

VECTORIZED static void silu_pull_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  for (ptrdiff_t i = begin; i < end; i++) {
    const float x = o->x[i], s = logistic(x);
    o->y[i] = o->dy[i] * s * (1.0f + x * (1.0f - s));
  }
}

void dept_silu_pull(ptrdiff_t count, const float *x, const float *dy, float *dx) {
  operands o = {x, dy, dx};
  dept_parallel(count, grain, silu_pull_body, &o);
}
