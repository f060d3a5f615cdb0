package dev.turnout.gateway.traffic;

import dev.turnout.kafka.ByteBudget;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Query;
import dev.turnout.schema.Reply;
import dev.turnout.topic.LogText;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One query that is under way, and what its listener has yet to hear. Safe for use by several
 * threads: whoever hears of the query only notes here what it is; the listener is called on a
 * shared pool, by one thread at a time, in the order of the notes.
 */
final class OpenAsk implements Ask {

  private static final Logger LOG = LoggerFactory.getLogger(OpenAsk.class);

  private final String id;
  private final String queryId;
  private final AskListener listener;
  private final Executor pool;
  private final ByteBudget memory;
  private final Ends ends;
  private final Queue<Note> notes = new ArrayDeque<>();
  private final AnswerPieces pieces = new AnswerPieces();
  private boolean calling;
  private boolean ended;
  private boolean silent;

  /** Hears once how an ask ended. */
  @FunctionalInterface
  interface Ends {
    /**
     * Hears of the end.
     *
     * @param how in a word, e.g. answered
     * @param cancelFor why the call of the LLM is to be ended too; null leaves it alone
     */
    void ended(OpenAsk ask, String how, @Nullable String cancelFor);
  }

  /** A call of the listener, and what it holds in memory until then. */
  private record Note(Runnable call, long bytes) {}

  OpenAsk(
      String id, Query query, AskListener listener, Executor pool, ByteBudget memory, Ends ends) {
    this.id = id;
    this.queryId = query.getId();
    this.listener = listener;
    this.pool = pool;
    this.memory = memory;
    this.ends = ends;
  }

  String id() {
    return id;
  }

  String queryId() {
    return queryId;
  }

  /** Whether nothing more can be heard. */
  synchronized boolean ended() {
    return ended;
  }

  /**
   * Notes what was replied.
   *
   * @param bytes as large as it was on its topic
   */
  void replied(Reply reply, int bytes) {
    switch (reply.getKind()) {
      case CHUNK -> chunks(reply, bytes);
      case DECISION -> end("decided", () -> listener.decided(reply.getDecision()), bytes);
      case OUTCOME -> answered(reply, reply.getOutcome(), bytes);
      case REFUSAL ->
          end(
              "refused",
              () ->
                  listener.refused(
                      reply.getReason() == null ? "" : reply.getReason(),
                      reply.getDetail() == null ? "" : reply.getDetail()),
              bytes);
    }
  }

  private void chunks(Reply reply, int bytes) {
    synchronized (this) {
      if (ended) {
        return;
      }
      List<String> heard = pieces.take(reply);
      if (heard.isEmpty()) {
        return;
      }
      if (note(
          () ->
              listener.chunks(
                  new AskListener.Source(
                      reply.getLlm(), reply.getModelVersion(), reply.getAttempt()),
                  heard),
          bytes)) {
        return;
      }
    }
    overrun();
  }

  private void overrun() {
    synchronized (this) {
      if (ended) {
        return; // meanwhile; how it did is among the notes and must be heard
      }
      drop();
    }
    failed(
        "overrun",
        new TrafficLimitException(
            "answers that wait to be taken hold "
                + memory.held()
                + " bytes of memory, the limit is "
                + memory.most()
                + "; give the gateway more heap, or run more gateways"),
        "its answer came faster than it was taken");
  }

  private void answered(Reply reply, Outcome outcome, int bytes) {
    String broken;
    synchronized (this) {
      broken = pieces.broken(reply, outcome);
    }
    if (broken == null) {
      end("answered", () -> listener.answered(outcome, reply.getDecision()), bytes);
    } else {
      failed("broken", new BrokenAnswerException(broken), null);
    }
  }

  /**
   * Ends the ask without an answer.
   *
   * @param how in a word, for the count
   * @param cancelFor why the call of the LLM is to be ended too; null leaves it alone
   */
  void failed(String how, Throwable failure, @Nullable String cancelFor) {
    end(how, () -> listener.failed(failure), 0, cancelFor);
  }

  private void end(String how, Runnable call, long bytes) {
    end(how, call, bytes, null);
  }

  private void end(String how, Runnable call, long bytes, @Nullable String cancelFor) {
    synchronized (this) {
      if (ended) {
        return;
      }
      // the last word is heard even where there is no room: what it holds is in memory already
      if (!note(call, bytes)) {
        notes.add(new Note(call, 0));
        call();
      }
      ended = true;
    }
    ends.ended(this, how, cancelFor);
  }

  @Override
  public void cancel(String why) {
    synchronized (this) {
      silent = true;
      if (ended) {
        return;
      }
      ended = true;
    }
    ends.ended(this, "cancelled", why);
  }

  private synchronized boolean note(Runnable call, long bytes) {
    if (!memory.reserve(bytes)) {
      return false;
    }
    notes.add(new Note(call, bytes));
    call();
    return true;
  }

  private synchronized void call() {
    if (!calling) {
      calling = true;
      try {
        pool.execute(this::callListener);
      } catch (RejectedExecutionException closing) {
        LOG.atDebug().setMessage("gateway closes, an ask hears no more").log();
      }
    }
  }

  private void callListener() {
    for (Note note = next(); note != null; note = next()) {
      try {
        note.call().run();
      } catch (RuntimeException | Error failure) {
        LOG.atError()
            .setMessage("whoever asked a query failed to take what became of it")
            .addKeyValue("query", LogText.of(queryId))
            .setCause(failure)
            .log();
        cancel("what became of it could not be taken");
        tell(failure);
      } finally {
        memory.release(note.bytes());
      }
    }
  }

  /** Its client waits: a listener that could not take an answer may yet say so. */
  private void tell(Throwable failure) {
    try {
      listener.failed(failure);
    } catch (RuntimeException again) {
      LOG.atDebug().setMessage("a listener failed twice").setCause(again).log();
    }
  }

  private synchronized @Nullable Note next() {
    if (silent) {
      drop();
    }
    Note note = notes.poll();
    if (note == null) {
      calling = false;
    }
    return note;
  }

  private synchronized void drop() {
    notes.forEach(dropped -> memory.release(dropped.bytes()));
    notes.clear();
  }
}
