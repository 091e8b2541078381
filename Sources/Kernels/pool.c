// The one thread pool of the process. Workers spin briefly, then sleep, so that back-to-back
// kernels start in under a microsecond and an idle process costs nothing.
#include "kernels.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { maximum_threads = 256, spins = 4000 };

static struct {
  pthread_mutex_t busy;  // held by the thread whose loop the pool is running
  pthread_mutex_t lock;
  pthread_cond_t wake;
  int threads, started;
  dept_body body;
  void *context;
  ptrdiff_t count;
  int parts;
  bool prefers_library, prefers_float_sums;  // as the thread whose loop it is
  atomic_int generation, remaining;
  int birth[maximum_threads];  // the generation that a worker was born in: none of its work
} pool = {.busy = PTHREAD_MUTEX_INITIALIZER, .lock = PTHREAD_MUTEX_INITIALIZER,
          .wake = PTHREAD_COND_INITIALIZER, .threads = 1};

static _Thread_local bool inside;

static void run(dept_body body, void *context, ptrdiff_t count, int part, int parts) {
  const ptrdiff_t begin = count * part / parts, end = count * (part + 1) / parts;
  if (begin < end) body(context, begin, end, part);
}

static void run_part(int part) { run(pool.body, pool.context, pool.count, part, pool.parts); }

static void *worker(void *argument) {
  const int part = (int)(intptr_t)argument;
  inside = true;
  int seen = pool.birth[part];
  for (;;) {
    int now = atomic_load_explicit(&pool.generation, memory_order_acquire);
    for (int i = 0; now == seen && i < spins; i++) {
#if defined(__x86_64__)
      __builtin_ia32_pause();
#endif
      now = atomic_load_explicit(&pool.generation, memory_order_acquire);
    }
    if (now == seen) {
      pthread_mutex_lock(&pool.lock);
      while ((now = atomic_load_explicit(&pool.generation, memory_order_acquire)) == seen)
        pthread_cond_wait(&pool.wake, &pool.lock);
      pthread_mutex_unlock(&pool.lock);
    }
    seen = now;
    if (part < pool.parts) {
      dept_prefer_library(pool.prefers_library);
      dept_prefer_float_sums(pool.prefers_float_sums);
      run_part(part);
    }
    atomic_fetch_sub_explicit(&pool.remaining, 1, memory_order_acq_rel);
  }
  return NULL;
}

void dept_set_threads(int count) {
  pthread_mutex_lock(&pool.busy);
  pool.threads = count < 1 ? 1 : (count > maximum_threads ? maximum_threads : count);
  while (pool.started < pool.threads - 1) {
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, 1 << 20);
    pool.birth[pool.started + 1] = atomic_load_explicit(&pool.generation, memory_order_acquire);
    if (pthread_create(&thread, &attributes, worker, (void *)(intptr_t)(pool.started + 1)) != 0) {
      pool.threads = pool.started + 1;
      break;
    }
    pthread_attr_destroy(&attributes);
    pool.started++;
  }
  pthread_mutex_unlock(&pool.busy);
}

int dept_threads(void) { return pool.threads; }

void dept_parallel(ptrdiff_t count, ptrdiff_t grain, dept_body body, void *context) {
  if (count <= 0) return;
  ptrdiff_t parts = grain > 0 ? count / grain : count;
  if (parts > pool.threads) parts = pool.threads;
  if (parts <= 1) {
    body(context, 0, count, 0);
    return;
  }
  // A second Swift thread never waits for the pool: it runs its loop itself. It cuts the loop all
  // the same, because the bits of a matrix product depend on where it is cut.
  if (inside || pthread_mutex_trylock(&pool.busy) != 0) {
    for (int part = 0; part < parts; part++) run(body, context, count, part, (int)parts);
    return;
  }
  pool.body = body;
  pool.context = context;
  pool.count = count;
  pool.parts = (int)parts;
  pool.prefers_library = dept_prefers_library();
  pool.prefers_float_sums = dept_prefers_float_sums();
  atomic_store_explicit(&pool.remaining, pool.started, memory_order_release);
  pthread_mutex_lock(&pool.lock);
  atomic_fetch_add_explicit(&pool.generation, 1, memory_order_acq_rel);
  pthread_cond_broadcast(&pool.wake);
  pthread_mutex_unlock(&pool.lock);
  inside = true;
  run_part(0);
  inside = false;
  while (atomic_load_explicit(&pool.remaining, memory_order_acquire) > 0) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
  }
  pthread_mutex_unlock(&pool.busy);
}
