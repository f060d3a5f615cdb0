package dev.turnout.local.llm;

import dev.turnout.kafka.DaemonThreads;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Hands on pieces at a pace, many answers on few threads. What is late is caught up: the pace is
 * kept against the beginning, not from piece to piece. Whoever cancels the future ends it.
 */
public final class PacedPieces {

  /** Takes a piece; a failure ends the play. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Takes the next piece.
     *
     * @throws IOException when nobody wants it any more
     */
    void piece(String piece) throws IOException;
  }

  private final ScheduledExecutorService threads;
  private final List<String> pieces;
  private final long startNanos = System.nanoTime();
  private final long firstNanos;
  private final long perPieceNanos;
  private final Sink sink;
  private final CompletableFuture<Void> end = new CompletableFuture<>();

  private PacedPieces(
      ScheduledExecutorService threads,
      List<String> pieces,
      Duration first,
      Duration perPiece,
      Sink sink) {
    this.threads = threads;
    this.pieces = pieces;
    this.firstNanos = first.toNanos();
    this.perPieceNanos = perPiece.toNanos();
    this.sink = sink;
  }

  /**
   * Plays.
   *
   * @param first until the first piece
   * @param perPiece from piece to piece
   * @return complete after the last piece
   */
  public static CompletableFuture<Void> play(
      ScheduledExecutorService threads,
      List<String> pieces,
      Duration first,
      Duration perPiece,
      Sink sink) {
    PacedPieces play = new PacedPieces(threads, pieces, first, perPiece, sink);
    play.schedule(0);
    return play.end;
  }

  /** Daemon threads to play on. */
  public static ScheduledExecutorService threads(int count) {
    ScheduledThreadPoolExecutor threads =
        new ScheduledThreadPoolExecutor(count, DaemonThreads.named("simulated-llm"));
    threads.setRemoveOnCancelPolicy(true);
    return threads;
  }

  private long dueIn(int next) {
    return startNanos + firstNanos + next * perPieceNanos - System.nanoTime();
  }

  private void schedule(int next) {
    var unusedTask =
        threads.schedule(() -> handOn(next), Math.max(0, dueIn(next)), TimeUnit.NANOSECONDS);
  }

  private void handOn(int from) {
    int next = from;
    try {
      while (next < pieces.size() && !end.isDone()) {
        if (dueIn(next) > 0) {
          schedule(next);
          return;
        }
        sink.piece(pieces.get(next));
        next++;
      }
      end.complete(null);
    } catch (IOException | RuntimeException | Error failure) {
      end.completeExceptionally(failure);
    }
  }
}
