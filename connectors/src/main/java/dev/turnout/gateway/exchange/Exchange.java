package dev.turnout.gateway.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.Refusal;
import dev.turnout.gateway.access.GatewayAccess;
import dev.turnout.gateway.chat.ChatAnswer;
import dev.turnout.gateway.dialect.AnswerSource;
import dev.turnout.gateway.dialect.AnswerStream;
import dev.turnout.gateway.dialect.Json;
import dev.turnout.gateway.sse.ClientWatch;
import dev.turnout.gateway.sse.ResponseWriter;
import dev.turnout.gateway.trace.RequestSpan;
import dev.turnout.gateway.traffic.Ask;
import dev.turnout.gateway.traffic.AskListener;
import dev.turnout.gateway.traffic.QueryTraffic;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutingDecision;
import io.javalin.http.Context;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One query and the one response to it, from the asking to the last byte.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li><b>Status and headers wait for the first thing to send.</b> Until a piece of the answer or
 *       a heartbeat has gone out, a failure is an error with its own status; afterwards it is an
 *       event that ends the stream. So a fail-over between LLMs before the first piece is not seen.
 *   <li><b>A stream has one source.</b> Pieces of another LLM, or of a second attempt, cannot
 *       follow those that were sent; they end the stream with an error.
 *   <li><b>The listener's thread is never held back</b>: the writer takes what it is given.
 *   <li><b>A client that leaves ends the call</b>: the ask is cancelled, once, unless the answer
 *       was complete; so does one that does not read its stream.
 *   <li>The state is guarded by this object's lock. Nothing that is called under it waits.
 * </ul>
 */
public final class Exchange implements AskListener {

  /** What a client that left would have been told; only counted. */
  private static final int CLIENT_CLOSED_REQUEST = 499;

  private static final String CLIENT_LEFT = "the client went away";
  private static final String NOT_READ = "the client does not read its stream";

  private final Context context;
  private final AnswerForm form;
  private final Query query;
  private final GatewayAccess access;
  private final Serving serving;
  private final Timer.Sample sample;
  private final RequestSpan span;
  private @Nullable ClientResponse response;
  private ClientWatch.@Nullable Watch watch;
  private @Nullable ScheduledFuture<?> heartbeats;
  private @Nullable Ask running;
  private @Nullable Source source;
  private @Nullable AnswerStream stream;
  private @Nullable String unwanted;
  private String responseId = "";
  private boolean silent = true;
  private boolean complete;

  /** One query of a request that has been read. */
  public Exchange(
      Context context, AnswerForm form, Query query, GatewayAccess access, Serving serving) {
    this.context = context;
    this.form = form;
    this.query = query;
    this.access = access;
    this.serving = serving;
    this.sample = Timer.start(serving.metrics());
    this.span = RequestSpan.of(context.req());
    span.asks(context, query);
  }

  /** Asks; the request is in asynchronous mode. Completes when nothing more will be sent. */
  public CompletableFuture<Void> start(QueryTraffic traffic) {
    context.res().setHeader("x-turnout-query-id", query.getId());
    // as OpenAI's and Anthropic's clients look for it
    context.res().setHeader("x-request-id", query.getId());
    context.res().setHeader("request-id", query.getId());
    serving.begin(this);
    CompletableFuture<Void> ended;
    try {
      ended = open();
    } catch (IOException failure) {
      serving.end(this);
      return CompletableFuture.failedFuture(failure);
    }
    try {
      started(traffic.ask(query, span.trace(), this));
    } catch (RuntimeException failure) {
      failed(failure);
    }
    return ended;
  }

  private synchronized CompletableFuture<Void> open() throws IOException {
    ClientResponse opened = new ClientResponse(context, serving, CLIENT_CLOSED_REQUEST);
    response = opened;
    watch = serving.clients().watch(context.req(), opened::clientLeft);
    if (form.isStream()) {
      long pause = serving.heartbeat().toMillis();
      heartbeats =
          serving
              .timer()
              .scheduleWithFixedDelay(this::heartbeat, pause, pause, TimeUnit.MILLISECONDS);
    }
    return opened.done().thenAccept(this::ended);
  }

  private synchronized void started(Ask asked) {
    running = asked;
    if (unwanted != null) {
      asked.cancel(unwanted);
    }
  }

  private ClientResponse response() {
    ClientResponse opened = response;
    if (opened == null) {
      throw new IllegalStateException("the exchange has not been started");
    }
    return opened;
  }

  private synchronized void heartbeat() {
    // what waits to be read shows the client as much
    if (!complete && silent && response().isIdle()) {
      response().events(form.heartbeat());
    }
    silent = true;
  }

  @Override
  public synchronized void chunks(Source from, List<String> chunks) {
    if (complete || !form.isStream()) {
      return;
    }
    Source first = source;
    if (first != null && (!first.llm().equals(from.llm()) || first.attempt() != from.attempt())) {
      fail(
          new GatewayError(
              502, Failures.API_ERROR, "llm_failed", "the LLM ended in the middle of its answer"));
      cancel("its stream broke off");
      return;
    }
    source = from;
    StringBuilder events = new StringBuilder();
    try {
      for (String chunk : chunks) {
        Json.parse(chunk).ifPresent(json -> events.append(events(from.llm(), json)));
      }
    } catch (RuntimeException failure) {
      fail(Failures.of(failure));
      cancel("its stream could not be translated");
      return;
    }
    if (!events.isEmpty()) {
      response().describe(from.llm(), from.modelVersion(), from.attempt());
      silent = false;
      response().events(events);
    }
  }

  private String events(String llm, ObjectNode chunk) {
    if (responseId.isEmpty()) {
      responseId = chunk.path("id").asText("");
    }
    return stream(llm).chunk(chunk);
  }

  private AnswerStream stream(String llm) {
    AnswerStream known = stream;
    if (known == null) {
      known = form.stream(answerSource(llm));
      stream = known;
    }
    return known;
  }

  private AnswerSource answerSource(String llm) {
    @Nullable Long tokens = query.getNeeds() == null ? null : query.getNeeds().getPromptTokens();
    return new AnswerSource(query.getId(), llm, tokens == null ? 0 : tokens, serving.now());
  }

  @Override
  public synchronized void decided(RoutingDecision decision) {
    access.settle(context, null);
    if (!complete) {
      response().describe(decision.getLlm(), decision.getModelVersion(), 1);
      complete = true;
      response().whole(200, form.decision(decision));
    }
  }

  @Override
  public synchronized void answered(Outcome outcome, @Nullable RoutingDecision decision) {
    if (complete) {
      return;
    }
    access.settle(context, outcome);
    span.answered(outcome);
    String version = decision == null ? "" : decision.getModelVersion();
    response().describe(outcome.getLlm(), version, outcome.getAttempt());
    if (outcome.getStatus() != OutcomeStatus.SUCCEEDED) {
      fail(Failures.of(outcome));
      return;
    }
    try {
      JsonNode answer;
      if (form.isStream()) {
        endStream(outcome);
        answer = stream(outcome.getLlm()).whole();
      } else {
        ObjectNode whole = form.answer(answerSource(outcome.getLlm()), outcome, decision);
        responseId = whole.path("id").asText("");
        complete = true;
        response().whole(200, whole);
        answer = whole;
      }
      form.answered(responseId, outcome, answer);
    } catch (RuntimeException failure) {
      fail(Failures.of(failure));
    }
  }

  private void endStream(Outcome outcome) {
    ObjectNode whole = form.response(outcome);
    // a worker that cannot have its answer in pieces has sent none
    String pieces = source == null ? events(outcome.getLlm(), ChatAnswer.asChunk(whole)) : "";
    String last = stream(outcome.getLlm()).end(whole);
    complete = true;
    response().lastEvents(pieces + last);
  }

  @Override
  public synchronized void refused(String reason, String detail) {
    access.settle(context, null);
    fail(new Refusal(query.getId(), reason, detail).error());
  }

  @Override
  public synchronized void failed(Throwable failure) {
    access.settle(context, null);
    fail(Failures.of(failure));
  }

  /** Ends the response although the query is under way; its outcome can be looked up. */
  synchronized void abandon(GatewayError error) {
    fail(error);
  }

  private void fail(GatewayError error) {
    if (complete) {
      return;
    }
    complete = true;
    if (response().hasBegun()) {
      AnswerStream events = stream;
      response().lastEvents(events == null ? form.errorEvent(error) : events.error(error));
    } else {
      response().error(error, form.error(error));
    }
  }

  /** Says that nobody wants the answer; as soon as there is an ask, if there is none yet. */
  private void cancel(String why) {
    unwanted = why;
    if (running != null) {
      running.cancel(why);
    }
  }

  /** Called once, when nothing more will be sent. */
  private void ended(ResponseWriter.End how) {
    int counted;
    synchronized (this) {
      if (watch != null) {
        watch.close();
      }
      if (heartbeats != null) {
        heartbeats.cancel(false);
      }
      if (!complete) {
        complete = true;
        cancel(how == ResponseWriter.End.TOO_SLOW ? NOT_READ : CLIENT_LEFT);
      }
      counted = how == ResponseWriter.End.WRITTEN ? response().status() : CLIENT_CLOSED_REQUEST;
    }
    if (how == ResponseWriter.End.TOO_SLOW) {
      serving.metrics().counter("turnout.gateway.slow.readers").increment();
    }
    span.counts(counted);
    long unusedNanos =
        sample.stop(
            serving
                .metrics()
                .timer(
                    "turnout.gateway.requests",
                    "api",
                    form.name(),
                    "status",
                    Integer.toString(counted)));
    serving.end(this);
  }
}
