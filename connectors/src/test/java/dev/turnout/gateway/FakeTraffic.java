package dev.turnout.gateway;

import dev.turnout.gateway.traffic.Ask;
import dev.turnout.gateway.traffic.AskListener;
import dev.turnout.gateway.traffic.QueryTraffic;
import dev.turnout.schema.Fallback;
import dev.turnout.schema.Grade;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmStatus;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.telemetry.TraceContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** Stands for Kafka, routers and workers: every query becomes what the test says. */
final class FakeTraffic implements QueryTraffic, AutoCloseable {

  static final String LLM = "acme/small";

  /** What becomes of a query; called on a thread of its own. */
  @FunctionalInterface
  interface Behaviour {
    void answer(Query query, AskListener listener) throws Exception;
  }

  final List<Query> asked = Collections.synchronizedList(new ArrayList<>());
  final List<Query> published = Collections.synchronizedList(new ArrayList<>());
  final List<Grade> grades = Collections.synchronizedList(new ArrayList<>());
  final BlockingQueue<String> cancelled = new LinkedBlockingQueue<>();
  final Map<String, RoutingDecision> decisions = new ConcurrentHashMap<>();
  final Map<String, Outcome> outcomes = new ConcurrentHashMap<>();

  /** What whoever asks waits for before the asking returns. */
  volatile CountDownLatch accepted = new CountDownLatch(0);

  private final Map<String, Behaviour> behaviours = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** What becomes of queries with this text; others are answered with it. */
  void on(String text, Behaviour behaviour) {
    behaviours.put(text, behaviour);
  }

  @Override
  public Ask ask(Query query, @Nullable TraceContext trace, AskListener listener) {
    asked.add(query);
    decisions.put(query.getId(), decided(query.getId()));
    Behaviour behaviour =
        behaviours.getOrDefault(
            query.getText(),
            (each, heard) -> heard.answered(answer(each, each.getText()), decided(each.getId())));
    threads.execute(
        () -> {
          try {
            behaviour.answer(query, listener);
          } catch (Exception failure) {
            listener.failed(failure);
          }
        });
    try {
      accepted.await();
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
    return cancelled::add;
  }

  /** An outcome with a response as an LLM's server gives it. */
  static Outcome answer(Query query, String text) {
    return outcome(query)
        .setAnswer(text)
        .setResponse(
            """
            {"id":"chatcmpl-upstream-1","object":"chat.completion","created":1700000000,
             "model":"upstream-name","system_fingerprint":"fp_1","choices":[{"index":0,
             "message":{"role":"assistant","content":"%s"},"logprobs":null,
             "finish_reason":"length"}],"usage":{"prompt_tokens":7,"completion_tokens":3,
             "total_tokens":10,"prompt_tokens_details":{"cached_tokens":4},
             "completion_tokens_details":{"reasoning_tokens":1}}}
            """
                .formatted(text))
        .build();
  }

  static Outcome.Builder outcome(Query query) {
    return Outcome.newBuilder()
        .setQueryId(query.getId())
        .setLlm(LLM)
        .setStatus(OutcomeStatus.SUCCEEDED)
        .setWorker("worker-7")
        .setFinishedAt(Instant.now());
  }

  /** One piece of an answer. */
  static String chunk(String delta) {
    return """
    {"id":"chatcmpl-upstream-1","object":"chat.completion.chunk","created":1700000000,\
    "model":"upstream-name","choices":[{"index":0,"delta":%s,"finish_reason":null}]}\
    """
        .formatted(delta);
  }

  static AskListener.Source source(int attempt) {
    return new AskListener.Source(LLM, "v7", attempt);
  }

  static RoutingDecision decided(String queryId) {
    return RoutingDecision.newBuilder()
        .setQueryId(queryId)
        .setLlm(LLM)
        .setRanking(List.of())
        .setPropensity(1)
        .setPolicy("argmax")
        .setModelVersion("v7")
        .setEncoderId("static")
        .setExplored(false)
        .setOutOfDistribution(false)
        .setFallback(Fallback.NONE)
        .setReason("the only one")
        .setDecidedAt(Instant.now())
        .build();
  }

  static LlmProfile profile(String id, LlmStatus status) {
    return LlmProfile.newBuilder()
        .setId(id)
        .setTopic("requests." + id)
        .setStatus(status)
        .setCapabilities(List.of("tools"))
        .setContextWindow(8192L)
        .setUpdatedAt(Instant.ofEpochSecond(1_700_000_000))
        .build();
  }

  @Override
  public CompletableFuture<Void> publish(Query query, @Nullable TraceContext trace) {
    published.add(query);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletableFuture<Void> publish(Grade grade) {
    grades.add(grade);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletableFuture<Optional<RoutingDecision>> decision(String queryId) {
    return CompletableFuture.completedFuture(Optional.ofNullable(decisions.get(queryId)));
  }

  @Override
  public CompletableFuture<Optional<Outcome>> outcome(String queryId) {
    return CompletableFuture.completedFuture(Optional.ofNullable(outcomes.get(queryId)));
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
