package dev.turnout.encoder.batch;

import dev.turnout.encoder.EncoderException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A fixed number of threads that encode batches side by side. On a processor, several small batches
 * on one thread each beat one batch on several threads: the small matrix products of a short query
 * do not split well, and no thread spins while it waits for another.
 */
public final class Lanes implements AutoCloseable {
  private static final AtomicInteger OPENED = new AtomicInteger();

  private final ExecutorService threads;

  public Lanes(int count) {
    String name = "turnout-encoder-" + OPENED.incrementAndGet() + "-";
    AtomicInteger started = new AtomicInteger();
    this.threads =
        Executors.newFixedThreadPool(
            count,
            task -> {
              Thread thread = new Thread(task, name + started.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Runs all tasks and returns their results in order.
   *
   * @throws EncoderException if one fails; the others are cancelled or ignored
   */
  public <T> List<T> run(List<Supplier<T>> tasks) {
    List<Future<T>> running = new ArrayList<>(tasks.size());
    try {
      for (Supplier<T> task : tasks) {
        running.add(threads.submit(task::get));
      }
      List<T> results = new ArrayList<>(tasks.size());
      for (Future<T> future : running) {
        results.add(future.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EncoderException("encoder: interrupted while encoding", e);
    } catch (RejectedExecutionException e) {
      throw new EncoderException("encoder: used after it was closed", e);
    } catch (ExecutionException e) {
      throw new EncoderException("encoder: a batch failed: " + e.getCause(), e);
    } finally {
      running.forEach(future -> future.cancel(false));
    }
  }

  /** Waits for running batches, then ends the threads. */
  @Override
  public void close() {
    threads.shutdown();
    boolean interrupted = false;
    while (true) {
      try {
        if (threads.awaitTermination(1, TimeUnit.MINUTES)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
        break;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
