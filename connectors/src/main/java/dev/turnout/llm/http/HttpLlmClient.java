package dev.turnout.llm.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import dev.turnout.kafka.FutureFailure;
import dev.turnout.llm.ChunkListener;
import dev.turnout.llm.Completion;
import dev.turnout.llm.LlmClient;
import dev.turnout.llm.LlmException;
import dev.turnout.llm.exchange.AnswerExchange;
import dev.turnout.llm.exchange.AnswerExchange.Reply;
import dev.turnout.llm.exchange.StreamedAnswer;
import dev.turnout.llm.failure.ErrorBody;
import dev.turnout.llm.failure.LlmFailures;
import dev.turnout.llm.failure.RetryAfter;
import dev.turnout.llm.wire.ChatFormat;
import dev.turnout.llm.wire.ChatJson;
import dev.turnout.llm.wire.UnsupportedParameterException;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.telemetry.Telemetry;
import dev.turnout.telemetry.TraceContext;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks an LLM over HTTP, whatever its server speaks ({@link Dialect}).
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li><b>The client's request travels as it is</b>: only model and stream are ours, and what the
 *       dialect has to name otherwise. What the server cannot do is refused by name, not left out.
 *   <li><b>At most as many calls as attempts.</b> Only what may pass is tried again (overload, a
 *       broken connection or stream), and only while no piece of the answer has been handed on. Not
 *       counted: following a redirect, and asking once more under the name of a parameter that the
 *       server's refusal has taught ({@link ParameterQuirks}); neither is a second answer.
 *   <li><b>A server that wants to be left alone is</b>, by all calls of this client, until its
 *       window ends ({@link QuietWindow}). A call waits for that if its deadline (without one, the
 *       time-out) allows, and else fails at once, unasked, and says how long.
 *   <li><b>Every call ends</b>: by its answer, its time-out or deadline, a pause that is too long,
 *       or because the future is cancelled, which closes the connection.
 *   <li>Every failure is an {@link LlmException} whose message a client may read ({@link
 *       LlmFailures}).
 * </ul>
 */
public final class HttpLlmClient implements LlmClient {

  private static final Logger LOG = LoggerFactory.getLogger(HttpLlmClient.class);

  private static final int MOST_LESSONS = 2;

  private final LlmEndpoint endpoint;
  private final ChatFormat format;
  private final HttpClient http;
  private final Clock clock;
  private final ParameterQuirks quirks = new ParameterQuirks();
  private final QuietWindow quiet = new QuietWindow();
  private final CallTelemetry telemetry;

  /** With the JVM's own trusted certificates. */
  public HttpLlmClient(LlmEndpoint endpoint) {
    this(endpoint, Telemetry.off());
  }

  /** The same with its calls traced; whoever made the telemetry closes it. */
  public HttpLlmClient(LlmEndpoint endpoint, Telemetry telemetry) {
    this(endpoint, null, Clock.systemUTC(), telemetry);
  }

  /**
   * With other certificates.
   *
   * @param tls certificates to trust and to show; null takes the JVM's own
   * @param clock for the queries' deadlines
   */
  public HttpLlmClient(LlmEndpoint endpoint, @Nullable SSLContext tls, Clock clock) {
    this(endpoint, tls, clock, Telemetry.off());
  }

  private HttpLlmClient(
      LlmEndpoint endpoint, @Nullable SSLContext tls, Clock clock, Telemetry telemetry) {
    this.endpoint = endpoint;
    this.format = endpoint.dialect().format();
    this.clock = clock;
    this.telemetry = new CallTelemetry(telemetry, endpoint);
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(10));
    this.http = (tls == null ? builder : builder.sslContext(tls)).build();
  }

  @Override
  public CompletableFuture<Completion> complete(RoutedRequest request) {
    return complete(request, null, null);
  }

  /** Streams if the query's chat wants it; a query of text alone is answered whole. */
  @Override
  public CompletableFuture<Completion> complete(RoutedRequest request, ChunkListener chunks) {
    return complete(request, chunks, null);
  }

  @Override
  public CompletableFuture<Completion> complete(
      RoutedRequest request, @Nullable ChunkListener chunks, @Nullable TraceContext trace) {
    Query query = request.getQuery();
    boolean streams = query.getChat() != null && query.getChat().getStream();
    return telemetry.traced(request, trace, within -> ask(query, streams ? chunks : null, within));
  }

  /** Which parameters the server was seen to refuse, in words. */
  public List<String> refusedParameters() {
    return quirks.learnt();
  }

  private CompletableFuture<Completion> ask(
      Query query, @Nullable ChunkListener chunks, @Nullable TraceContext trace) {
    LlmFailures failures =
        new LlmFailures(
            endpoint.llm(), endpoint.model(), format.chats(endpoint.baseUrl()), query.getId());
    ObjectNode chat = ChatBody.of(query, endpoint, chunks != null);
    if (chat == null) {
      return CompletableFuture.failedFuture(
          failures.notForThisLlm("messages", "the request is not a JSON object"));
    }
    Instant patience =
        query.getDeadline() == null
            ? clock.instant().plus(endpoint.waits().timeout())
            : query.getDeadline();
    LlmCall call = new LlmCall(query, chat, chunks, trace, failures, patience);
    if (endpoint.attempts() == 1) {
      return attempt(call);
    }
    RetryPolicy<Completion> policy =
        RetryPolicy.<Completion>builder()
            .handleIf(
                failure -> call.worthAnotherAttempt(FutureFailure.cause(failure), clock.instant()))
            .withMaxAttempts(endpoint.attempts())
            .withBackoff(Duration.ofMillis(500), Duration.ofSeconds(20))
            .withJitter(0.3)
            .build();
    // cancelling its future cancels the attempt's
    return Failsafe.with(policy).getStageAsync(() -> attempt(call));
  }

  private CompletableFuture<Completion> attempt(LlmCall call) {
    CompletableFuture<Completion> answer = new CompletableFuture<>();
    begin(call, answer);
    return answer;
  }

  private void begin(LlmCall call, CompletableFuture<Completion> answer) {
    Instant now = clock.instant();
    QuietWindow.Until window = quiet.open(now);
    if (window == null) {
      post(call, new Try(format.chats(endpoint.baseUrl()), 0, 0), answer);
      return;
    }
    Duration remaining = window.remaining(now);
    if (!call.hasTimeFor(remaining, now)) {
      call.giveUp();
      answer.completeExceptionally(call.failures().leftAlone(window.status(), remaining));
      return;
    }
    CompletableFuture<Void> pause =
        new CompletableFuture<Void>()
            .completeOnTimeout(null, remaining.toMillis() + 1, TimeUnit.MILLISECONDS);
    endWith(answer, pause);
    CompletableFuture<Void> unusedNext = pause.thenRun(() -> begin(call, answer));
  }

  /** Where an attempt is sent, after how many redirects and lessons. */
  private record Try(URI uri, int redirects, int lessons) {}

  private void post(LlmCall call, Try where, CompletableFuture<Completion> answer) {
    try {
      ObjectNode body = format.request(call.chat());
      quirks.applyTo(body);
      AnswerExchange.Waits waits =
          new AnswerExchange.Waits(
              call.timeLeft(endpoint.waits().timeout(), clock.instant()), endpoint.waits().idle());
      ChunkListener chunks = call.chunks();
      StreamedAnswer stream =
          chunks == null
              ? null
              : new StreamedAnswer(call.failures(), format.events(), chunks, call::handOn);
      CompletableFuture<Reply> reply =
          AnswerExchange.send(http, request(where.uri(), body, call.trace()), waits, stream);
      endWith(answer, reply);
      CompletableFuture<Reply> unusedReply =
          reply.whenComplete(
              (came, failure) -> {
                try {
                  if (failure == null) {
                    take(call, where, body, came, answer);
                  } else {
                    answer.completeExceptionally(
                        Breakages.of(call.failures(), FutureFailure.cause(failure)));
                  }
                } catch (RuntimeException | Error thrown) {
                  answer.completeExceptionally(thrown);
                }
              });
    } catch (UnsupportedParameterException unsupported) {
      answer.completeExceptionally(
          call.failures()
              .notForThisLlm(unsupported.parameter(), String.valueOf(unsupported.getMessage())));
    } catch (RuntimeException | Error thrown) {
      answer.completeExceptionally(thrown);
    }
  }

  /** Whoever gives up the answer gives up the step that it waits for. */
  private static void endWith(CompletableFuture<?> answer, CompletableFuture<?> step) {
    CompletableFuture<?> unusedEnd = answer.whenComplete((done, failure) -> step.cancel(true));
  }

  private HttpRequest request(URI uri, ObjectNode body, @Nullable TraceContext trace) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(body.toString()));
    request.header("Content-Type", "application/json");
    if (trace != null) {
      request.setHeader(TraceContext.TRACEPARENT, trace.traceparent());
      if (trace.tracestate() != null) {
        request.setHeader(TraceContext.TRACESTATE, trace.tracestate());
      }
    }
    format.headers(endpoint.apiKey()).forEach(request::setHeader);
    endpoint.headers().forEach(request::setHeader);
    return request.build();
  }

  private void take(
      LlmCall call, Try where, ObjectNode sent, Reply reply, CompletableFuture<Completion> answer) {
    if (reply instanceof Reply.Streamed streamed) {
      answer.complete(Completions.of(call, endpoint, streamed.answer()));
      return;
    }
    Reply.Whole whole = (Reply.Whole) reply;
    HttpResponse<String> response = whole.response();
    int status = response.statusCode();
    if (status / 100 == 2) {
      answer.complete(Completions.of(call, endpoint, whole));
    } else if (Redirect.isOne(status)) {
      URI next = Redirect.follow(call.failures(), where.uri(), response, where.redirects());
      post(call, new Try(next, where.redirects() + 1, where.lessons()), answer);
    } else {
      ErrorBody error = ErrorBody.of(ChatJson.object(response.body()));
      if (error != null && where.lessons() < MOST_LESSONS && quirks.learn(status, sent, error)) {
        LOG.atInfo()
            .setMessage("the LLM's server refuses a parameter, which goes otherwise from now on")
            .addKeyValue("llm", endpoint.llm())
            .addKeyValue("refused", quirks.learnt())
            .log();
        post(call, new Try(where.uri(), where.redirects(), where.lessons() + 1), answer);
        return;
      }
      Instant now = clock.instant();
      Duration retryAfter = RetryAfter.of(response.headers(), now);
      if (retryAfter != null && (status == 429 || status >= 500)) {
        quiet.leaveAlone(status, retryAfter, now);
      }
      answer.completeExceptionally(
          call.failures().refused(status, response.body(), error, retryAfter, false));
    }
  }
}
