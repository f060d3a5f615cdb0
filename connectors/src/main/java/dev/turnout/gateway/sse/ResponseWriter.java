package dev.turnout.gateway.sse;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one response piece by piece. Safe for use by several threads; never blocks.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li><b>No thread waits for a client.</b> Output is the servlet's asynchronous one: what the
 *       socket does not take stays in the queue, and the container says when it takes more. Five
 *       hundred open streams need no more threads than one.
 *   <li><b>One writes at a time.</b> {@code busy} is true from the moment that somebody is to write
 *       until the queue is empty and flushed, or the container has been asked to call {@link
 *       #onWritePossible}; only who turned it true, or that call, writes.
 *   <li><b>A reader costs no more than its bound.</b> Whoever does not read gets so many bytes
 *       queued and then has its connection closed; a single piece may be larger, since it is in
 *       memory already, and so may the last one: an answer that is complete is delivered.
 *   <li><b>It ends once</b>: when the last piece is written, when the client is gone, or when it is
 *       given up; {@link #done} completes then, whichever it was.
 * </ul>
 */
public final class ResponseWriter implements WriteListener {
  private static final Logger LOG = LoggerFactory.getLogger(ResponseWriter.class);

  private final HttpServletRequest request;
  private final ServletOutputStream out;
  private final Executor executor;
  private final int most;
  private final CompletableFuture<End> done = new CompletableFuture<>();
  private final Deque<byte[]> queue = new ArrayDeque<>();
  private long queued;
  private boolean unflushed;
  private boolean last;
  private volatile @Nullable End givenUp;
  // the container calls onWritePossible as soon as it knows this listener
  private boolean busy = true;

  /** How a response ended. */
  public enum End {
    /** All of it was handed to the client's socket. */
    WRITTEN,
    /** The client closed its connection. */
    CLIENT_LEFT,
    /** The client did not read, and was given up. */
    TOO_SLOW
  }

  private ResponseWriter(
      HttpServletRequest request, ServletOutputStream out, Executor executor, int most) {
    this.request = request;
    this.out = out;
    this.executor = executor;
    this.most = most;
  }

  /**
   * Takes over a response whose request is in asynchronous mode already. Status and headers may be
   * set until the first piece.
   *
   * @param executor writes what others offer
   * @param most bytes that wait for the client at most
   */
  public static ResponseWriter open(
      HttpServletRequest request, HttpServletResponse response, Executor executor, int most)
      throws IOException {
    ResponseWriter writer = new ResponseWriter(request, response.getOutputStream(), executor, most);
    writer.out.setWriteListener(writer);
    return writer;
  }

  /** Completes when nothing more will be written. */
  public CompletableFuture<End> done() {
    return done;
  }

  /** Adds a piece; nothing if the response has ended. */
  public void write(byte[] piece) {
    add(piece, false);
  }

  /** Adds the last piece, which may be empty. */
  public void end(byte[] piece) {
    add(piece, true);
  }

  /** Whether everything that was added has been handed to the client's socket. */
  public synchronized boolean isIdle() {
    return queue.isEmpty() && !busy;
  }

  private void add(byte[] piece, boolean isLast) {
    boolean tooSlow;
    boolean mine;
    synchronized (this) {
      if (done.isDone() || last) {
        return;
      }
      tooSlow = !isLast && queued > 0 && queued + piece.length > most;
      mine = !busy && !tooSlow;
      if (!tooSlow) {
        if (piece.length > 0) {
          queue.add(piece);
          queued += piece.length;
        }
        last = isLast;
        busy = true;
      }
    }
    if (tooSlow) {
      giveUp(End.TOO_SLOW, "the client does not read");
    } else if (mine) {
      executor.execute(this::drain);
    }
  }

  @Override
  public void onWritePossible() {
    drain();
  }

  /** Called by whoever turned {@code busy} true, or by the container that was asked for it. */
  private void drain() {
    try {
      while (!done.isDone() && out.isReady()) {
        byte[] next;
        boolean flush = false;
        boolean finished = false;
        synchronized (this) {
          next = queue.poll();
          if (next == null) {
            flush = unflushed;
            unflushed = false;
            if (!flush) {
              finished = last;
              busy = false;
            }
          } else {
            queued -= next.length;
            unflushed = true;
          }
        }
        if (next != null) {
          out.write(next);
        } else if (flush) {
          out.flush();
        } else {
          if (finished) {
            done.complete(End.WRITTEN);
          }
          return;
        }
      }
    } catch (IOException | RuntimeException failure) {
      onError(failure);
    }
  }

  @Override
  public void onError(Throwable failure) {
    LOG.atDebug().setMessage("response ended by its client").setCause(failure).log();
    End how = givenUp;
    finish(how == null ? End.CLIENT_LEFT : how);
  }

  /** Ends the response, as far as it has come, because its client is gone. */
  public void clientLeft() {
    if (request.getProtocol().startsWith("HTTP/1")) {
      giveUp(End.CLIENT_LEFT, "the client went away");
    } else {
      // a stream that its client has reset is over; Jetty may lose the request's end if it is
      // reset from this side too
      finish(End.CLIENT_LEFT);
    }
  }

  /**
   * Closes the connection, or resets the stream of HTTP/2, so that the client sees a broken end.
   */
  private void giveUp(End how, String why) {
    if (!done.isDone()) {
      givenUp = how;
      // tells onError too, on this thread or another
      Request.getBaseRequest(request).getHttpChannel().abort(new IOException(why));
      finish(how);
    }
  }

  private void finish(End how) {
    synchronized (this) {
      queue.clear();
      queued = 0;
    }
    done.complete(how);
  }
}
