package dev.turnout.llm.exchange;

import dev.turnout.topic.FieldLimits;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP exchange with a server of an LLM, from its first byte to its last. The JDK's client ends
 * a request's time-out with the response's headers; here it holds for the whole answer, and between
 * the pieces of a stream holds another. Whoever cancels the future, or a time-out, ends the
 * exchange and its connection.
 */
public final class AnswerExchange {

  /** The largest answer with every byte escaped as JSON may escape it, and some room. */
  public static final int LARGEST_RESPONSE = 6 * FieldLimits.ANSWER + (1 << 20);

  /** An event may be a whole answer; of its tokens each comes in some hundred bytes. */
  private static final int LONGEST_LINE = FieldLimits.RESPONSE;

  private static final long LARGEST_STREAM = 64L * FieldLimits.RESPONSE;

  /** A connection whose stream is done but does not end is not kept for long. */
  private static final Duration LINGER = Duration.ofSeconds(5);

  private final CompletableFuture<Reply> reply = new CompletableFuture<>();
  private final Waits waits;
  private final @Nullable StreamedAnswer stream;
  private volatile boolean streaming;

  /**
   * How long an answer is waited for.
   *
   * @param timeout until it is whole
   * @param idle longest pause between two pieces of one that streams
   */
  public record Waits(Duration timeout, Duration idle) {}

  /** What came back. */
  public sealed interface Reply {
    /** A response that is no stream, of whatever status. */
    record Whole(HttpResponse<String> response, Duration latency) implements Reply {}

    /** A stream that came to its good end. */
    record Streamed(StreamedAnswer.Answered answer) implements Reply {}
  }

  private AnswerExchange(Waits waits, @Nullable StreamedAnswer stream) {
    this.waits = waits;
    this.stream = stream;
  }

  /**
   * Sends a request.
   *
   * @param stream takes the answer if it streams; null when none was asked for
   * @return fails with an {@link dev.turnout.llm.LlmException} or what broke the exchange
   */
  public static CompletableFuture<Reply> send(
      HttpClient http, HttpRequest request, Waits waits, @Nullable StreamedAnswer stream) {
    AnswerExchange exchange = new AnswerExchange(waits, stream);
    exchange.begin(http, request);
    return exchange.reply;
  }

  private void begin(HttpClient http, HttpRequest request) {
    long start = System.nanoTime();
    if (stream != null) {
      CompletableFuture<StreamedAnswer.Answered> unusedAnswer =
          stream
              .whole()
              .whenComplete(
                  (answer, failure) -> {
                    if (failure == null) {
                      reply.complete(new Reply.Streamed(answer));
                    } else {
                      reply.completeExceptionally(failure);
                    }
                  });
    }
    CompletableFuture<HttpResponse<String>> sent = http.sendAsync(request, handler());
    CompletableFuture<HttpResponse<String>> unusedResponse =
        sent.whenComplete(
            (response, failure) -> {
              if (failure != null) {
                fail(failure);
              } else if (!streaming) {
                reply.complete(
                    new Reply.Whole(response, Duration.ofNanos(System.nanoTime() - start)));
              }
            });
    CompletableFuture<Void> total =
        after(
            waits.timeout(),
            () -> fail(new HttpTimeoutException("no whole answer within " + waits.timeout())));
    CompletableFuture<Reply> unusedEnd =
        reply.whenComplete(
            (answer, failure) -> {
              total.cancel(false);
              if (failure != null) {
                sent.cancel(true);
                closeStream(failure);
              } else if (!sent.isDone()) {
                linger(sent);
              }
            });
  }

  private BodyHandler<String> handler() {
    return info -> {
      if (stream == null || info.statusCode() / 100 != 2 || !isEvents(info.headers())) {
        return BoundedBody.subscriber(LARGEST_RESPONSE);
      }
      streaming = true;
      stream.alive();
      watchPauses(stream, waits.idle());
      return new EventStream(stream, LONGEST_LINE, LARGEST_STREAM);
    };
  }

  /** A server that says nothing of the type, having been asked for a stream, streams. */
  private static boolean isEvents(HttpHeaders headers) {
    String type = headers.firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    return type.isEmpty() || type.contains("event-stream") || type.startsWith("text/plain");
  }

  private void watchPauses(StreamedAnswer watched, Duration delay) {
    if (reply.isDone()) {
      return;
    }
    CompletableFuture<Void> pause =
        after(
            delay,
            () -> {
              Duration silent =
                  watched.begun()
                      ? Duration.ofNanos(System.nanoTime() - watched.aliveNanos())
                      : Duration.ZERO;
              Duration left = waits.idle().minus(silent);
              if (left.isNegative() || left.isZero()) {
                fail(new HttpTimeoutException("nothing came for " + waits.idle()));
              } else {
                watchPauses(watched, left);
              }
            });
    CompletableFuture<Reply> unusedEnd =
        reply.whenComplete((answer, failure) -> pause.cancel(false));
  }

  private static void linger(CompletableFuture<?> sent) {
    CompletableFuture<Void> late = after(LINGER, () -> sent.cancel(true));
    CompletableFuture<?> unusedEnd = sent.whenComplete((done, failure) -> late.cancel(false));
  }

  /** The stream first, so that it hands on nothing after the end. */
  private void fail(Throwable failure) {
    closeStream(failure);
    reply.completeExceptionally(failure);
  }

  private void closeStream(Throwable failure) {
    if (stream != null) {
      stream.failure(failure);
    }
  }

  private static CompletableFuture<Void> after(Duration delay, Runnable action) {
    CompletableFuture<Void> timer =
        new CompletableFuture<Void>()
            .completeOnTimeout(null, Math.max(1, delay.toMillis()), TimeUnit.MILLISECONDS);
    CompletableFuture<Void> unusedAction = timer.thenRun(action);
    return timer;
  }
}
