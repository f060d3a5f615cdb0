package dev.turnout.lab.bench.gateway;

import dev.turnout.app.config.Configuration;
import dev.turnout.app.console.ProgramVersion;
import dev.turnout.app.quickstart.Await;
import dev.turnout.app.quickstart.Cluster;
import dev.turnout.config.SettingKind;
import dev.turnout.config.SettingValues;
import dev.turnout.encoder.EncoderSettings;
import dev.turnout.encoder.Encoders;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.gateway.Gateway;
import dev.turnout.gateway.GatewaySettings;
import dev.turnout.lab.bench.route.BenchmarkModel;
import dev.turnout.llm.http.HttpLlmClient;
import dev.turnout.local.llm.SimulatedAnswer;
import dev.turnout.local.llm.SimulatedLlmServer;
import dev.turnout.router.ProcessingGuarantee;
import dev.turnout.router.Router;
import dev.turnout.router.RouterSettings;
import dev.turnout.topic.TopicCatalogue;
import dev.turnout.worker.LlmWorker;
import dev.turnout.worker.WorkerSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * Broker, registry, router, gateway and the worker pools of two simulated LLMs, all in this process
 * and reached as others would reach them. One LLM answers at once, the other says 20 words a second
 * in as many streams as it is asked for.
 */
final class GatewayArena implements AutoCloseable {
  /** Model name of the LLM that answers at once. */
  static final String QUICK = BenchmarkModel.LLMS.get(0);

  /** Model name of the LLM that says 20 words a second. */
  static final String STEADY = BenchmarkModel.LLMS.get(1);

  private static final Duration PER_WORD = Duration.ofMillis(50);
  private static final Duration READY_WITHIN = Duration.ofSeconds(60);
  private static final int QUICK_WORDS = 20;
  private static final int QUICK_SLOTS = 32;

  private final int steadySlots;
  private final Cluster cluster = Cluster.start(0, 0);
  private final QueryEncoder encoder = Encoders.open(EncoderSettings.staticEncoder());
  private final SimulatedLlmServer quick;
  private final SimulatedLlmServer steady;
  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private String url = "";

  /**
   * @param streams most streams at once
   * @param words of each
   */
  GatewayArena(int streams, int words) {
    this.steadySlots = streams;
    this.quick = SimulatedLlmServer.start(0, request -> SimulatedAnswer.Text.ofWords(QUICK_WORDS));
    this.steady =
        SimulatedLlmServer.start(
            0, request -> SimulatedAnswer.Text.ofWords(words, Duration.ZERO, PER_WORD));
  }

  /** Base URL of the LLM that answers at once, to be asked directly. */
  String quickLlm() {
    return quick.url();
  }

  /** Base URL of the gateway of the last {@link #route}. */
  String gateway() {
    return url + "/v1";
  }

  /** Starts router, workers and gateway anew, on topics of their own. */
  void route(ProcessingGuarantee guarantee) throws Exception {
    stop();
    TopicCatalogue topics =
        TopicCatalogue.withPrefix(SettingKind.nameOf(guarantee)).withPartitions(3);
    cluster.prepare(
        topics,
        List.of(BenchmarkModel.profile(topics, QUICK), BenchmarkModel.profile(topics, STEADY)));
    cluster.publish(topics, BenchmarkModel.of(encoder.id()), "for the benchmark");
    Map<String, String> texts = cluster.texts(topics);
    texts.put("router.guarantee", SettingKind.nameOf(guarantee));
    texts.put("router.start-deadline", "60s");
    Router router =
        Router.start(
            RouterSettings.from(Configuration.of(texts), ProgramVersion.text()),
            encoder,
            new SimpleMeterRegistry());
    running.push(router);
    worker(topics, QUICK, quick.url(), QUICK_SLOTS);
    worker(topics, STEADY, steady.url(), steadySlots);
    Map<String, String> open = cluster.texts(topics);
    open.put("gateway.port", "0");
    Gateway gateway =
        Gateway.start(GatewaySettings.from(Configuration.of(open)), new SimpleMeterRegistry());
    running.push(gateway);
    url = gateway.url();
    boolean ready =
        Await.until(
            () -> router.status().ready() && gateway.health(Instant.now()).ready(), READY_WITHIN);
    if (!ready) {
      throw new IllegalStateException("not ready: " + router.status().problems());
    }
  }

  private void worker(TopicCatalogue topics, String llm, String endpoint, int slots) {
    Map<String, String> texts = cluster.texts(topics);
    texts.put("worker.llm", llm);
    texts.put("worker.url", endpoint);
    texts.put("worker.model", "simulated");
    texts.put("worker.concurrency", Integer.toString(slots));
    SettingValues values = Configuration.of(texts);
    running.push(
        LlmWorker.start(
            WorkerSettings.from(values),
            new HttpLlmClient(WorkerSettings.endpoint(values)),
            new SimpleMeterRegistry()));
  }

  private void stop() throws Exception {
    while (!running.isEmpty()) {
      running.pop().close();
    }
  }

  @Override
  public void close() throws Exception {
    stop();
    quick.close();
    steady.close();
    encoder.close();
    cluster.close();
  }
}
