package dev.turnout.worker.reply;

import dev.turnout.llm.ChunkListener;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.Query;
import dev.turnout.schema.Reply;
import dev.turnout.schema.ReplyAddress;
import dev.turnout.schema.ReplyKind;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.topic.BoundedText;
import dev.turnout.topic.FieldLimits;
import dev.turnout.topic.LogText;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes to the gateway that asked one request: the pieces of its answer, then what became of
 * it.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li><b>The LLM is never held up.</b> A piece is put aside and sent by another thread.
 *   <li><b>The first piece is sent at once; later ones travel together</b> while the record before
 *       them is on its way. So a fast broker gets small records and a slow one few, without a
 *       timer.
 *   <li><b>One record is on its way at a time, and one thread sends</b>, so that pieces arrive in
 *       their order. The last pieces and the outcome are sent without waiting in between: one
 *       producer keeps the order of one partition.
 *   <li><b>Memory is bounded</b> for each answer and for all together. Where a broker is too slow
 *       for that, or does not take a piece, the pieces are given up; the outcome comes all the
 *       same. It says how many pieces there were, so that the gateway knows what it missed.
 * </ul>
 *
 * <p>Safe for use by several threads.
 */
public final class ReplyStream implements ChunkListener {

  private static final Logger LOG = LoggerFactory.getLogger(ReplyStream.class);

  /** Of one answer; a minute's worth of a fast LLM. */
  private static final long MOST_WAITING = 1L << 20;

  private final GatewayReplies replies;
  private final RoutedRequest request;
  private final @Nullable ReplyAddress to;
  private final String call;
  private final Queue<Piece> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private int made;
  private int sent;
  private boolean sending;
  private boolean awaiting;
  private boolean givenUp;
  private @Nullable End end;

  private record Piece(String json, long bytes) {}

  private record End(Outcome outcome, CompletableFuture<Void> safe) {}

  ReplyStream(
      GatewayReplies replies, RoutedRequest request, @Nullable ReplyAddress to, String call) {
    this.replies = replies;
    this.request = request;
    this.to = to;
    this.call = call;
  }

  /** Whether a gateway waits for what becomes of the request. */
  public boolean isAddressed() {
    return to != null;
  }

  /** Whether somebody wants the answer in pieces. */
  public boolean isWanted() {
    Query query = request.getQuery();
    return to != null && query.getChat() != null && query.getChat().getStream();
  }

  /** Whether the LLM has made a piece: from then on no other answer may take this one's place. */
  public synchronized boolean begun() {
    return made > 0;
  }

  @Override
  public void chunk(String chunk) {
    long bytes = BoundedText.bytes(chunk);
    synchronized (this) {
      made++;
      if (to == null || givenUp) {
        return;
      }
      if (bytes > FieldLimits.CHUNK_BYTES) {
        giveUp("a piece has " + bytes + " bytes, the limit is " + FieldLimits.CHUNK_BYTES);
        return;
      }
      if (waitingBytes + bytes > MOST_WAITING || !replies.memory().reserve(bytes)) {
        giveUp("the broker is too slow for the pieces that wait");
        return;
      }
      waiting.add(new Piece(chunk, bytes));
      waitingBytes += bytes;
      if (!sending) {
        sending = true;
        schedule();
      }
    }
  }

  /**
   * Sends what became of the request, after the pieces; may be called again if that failed.
   *
   * @return completes when it is safe on its topic, or goes nowhere; never blocks
   */
  public CompletableFuture<Void> end(Outcome outcome) {
    if (to == null) {
      return CompletableFuture.completedFuture(null);
    }
    End wanted = new End(outcome, new CompletableFuture<>());
    synchronized (this) {
      end = wanted;
      if (!sending || awaiting) {
        sending = true;
        awaiting = false;
        schedule();
      }
    }
    return wanted.safe();
  }

  private synchronized void schedule() {
    try {
      replies.execute(this::send);
    } catch (RejectedExecutionException closing) {
      sending = false;
      giveUp("the worker ends");
      End last = end;
      end = null;
      if (last != null) {
        last.safe().completeExceptionally(closing);
      }
    }
  }

  /** Sends what waits; on one thread at a time, since it is scheduled only by who set a flag. */
  private void send() {
    while (true) {
      List<String> pieces;
      int first;
      long bytes;
      End last = null;
      synchronized (this) {
        first = sent;
        long before = waitingBytes;
        pieces = take();
        bytes = before - waitingBytes;
        sent += pieces.size();
        if (pieces.isEmpty()) {
          sending = false;
          last = end;
          end = null;
          if (last == null) {
            return;
          }
        }
      }
      if (last != null) {
        sendEnd(last);
        return;
      }
      CompletableFuture<Void> safe = sendPieces(first, pieces, bytes);
      synchronized (this) {
        if (end == null) {
          awaiting = true;
          CompletableFuture<Void> unusedNext = safe.whenComplete((done, failure) -> goOn());
          return;
        }
      }
    }
  }

  private synchronized void goOn() {
    if (awaiting) {
      awaiting = false;
      schedule();
    }
  }

  private List<String> take() {
    List<String> pieces = new ArrayList<>();
    long bytes = 0;
    for (Piece next = waiting.peek();
        next != null
            && pieces.size() < FieldLimits.CHUNKS
            && bytes + next.bytes() <= FieldLimits.CHUNK_BYTES;
        next = waiting.peek()) {
      waiting.remove();
      pieces.add(next.json());
      bytes += next.bytes();
    }
    waitingBytes -= bytes;
    return pieces;
  }

  private CompletableFuture<Void> sendPieces(int first, List<String> pieces, long bytes) {
    Reply reply = reply(ReplyKind.CHUNK).setSequence(first).setChunks(pieces).build();
    return replies
        .send(address(), reply)
        .whenComplete(
            (safe, failure) -> {
              replies.memory().release(bytes);
              if (failure != null) {
                giveUp(String.valueOf(failure));
              }
            });
  }

  private void sendEnd(End last) {
    int pieces;
    synchronized (this) {
      pieces = made;
    }
    Reply.Builder reply =
        reply(ReplyKind.OUTCOME)
            .setSequence(pieces)
            .setDecision(
                RoutingDecision.newBuilder(request.getDecision())
                    .setEmbedding(null)
                    .setSurface(null)
                    .build());
    CompletableFuture<Void> unusedEnd =
        replies
            .send(address(), reply.setOutcome(forGateway(last.outcome())).build())
            .exceptionallyCompose(
                failure ->
                    failure instanceof RecordTooLargeException
                        ? replies.send(
                            address(), reply.setOutcome(emptied(last.outcome(), failure)).build())
                        : CompletableFuture.failedFuture(failure))
            .whenComplete(
                (safe, failure) -> {
                  if (failure == null) {
                    last.safe().complete(null);
                  } else {
                    last.safe().completeExceptionally(failure);
                  }
                });
  }

  private ReplyAddress address() {
    if (to == null) {
      throw new IllegalStateException("nothing is sent to nobody");
    }
    return to;
  }

  private Reply.Builder reply(ReplyKind kind) {
    return Reply.newBuilder()
        .setAsk(address().getAsk())
        .setQueryId(request.getQuery().getId())
        .setKind(kind)
        .setLlm(replies.llm())
        .setModelVersion(request.getDecision().getModelVersion())
        .setAttempt(request.getAttempt())
        .setCall(call);
  }

  /** Without what the gateway has itself. */
  private static Outcome forGateway(Outcome outcome) {
    return Outcome.newBuilder(outcome).setQueryText(null).setConversation(null).build();
  }

  private Outcome emptied(Outcome outcome, Throwable failure) {
    return Outcome.newBuilder(outcome)
        .setStatus(OutcomeStatus.FAILED)
        .setAnswer(null)
        .setResponse(null)
        .setQueryText(null)
        .setConversation(null)
        .setError(
            BoundedText.cut(
                "the answer does not fit the topic "
                    + replies.topic()
                    + "; look it up by the query's id: "
                    + failure.getMessage(),
                FieldLimits.ERROR))
        .build();
  }

  private synchronized void giveUp(String why) {
    if (givenUp) {
      return;
    }
    givenUp = true;
    waiting.clear();
    replies.memory().release(waitingBytes);
    waitingBytes = 0;
    LOG.atWarn()
        .setMessage("answer is not sent on in pieces any more, its outcome comes all the same")
        .addKeyValue("query", LogText.of(request.getQuery().getId()))
        .addKeyValue("reason", LogText.of(why))
        .log();
  }
}
