package dev.turnout.chaos;

import dev.turnout.app.Turnout;
import dev.turnout.app.quickstart.Cluster;
import dev.turnout.config.SettingValues;
import dev.turnout.control.tenant.TenantPublisher;
import dev.turnout.encoder.EncoderSettings;
import dev.turnout.encoder.Encoders;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.gateway.Gateway;
import dev.turnout.gateway.GatewaySettings;
import dev.turnout.local.broker.FreePort;
import dev.turnout.router.Router;
import dev.turnout.router.RouterSettings;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmStatus;
import dev.turnout.schema.Tenant;
import dev.turnout.topic.TopicCatalogue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a storm blows on: LLMs that can be told to fail, and two workers for each, processes of
 * their own that can be killed. Broker, registry, router and gateway are real and in this process,
 * so that the machine is left to what is restarted.
 */
final class StormWorld implements AutoCloseable {
  static final List<String> LLMS = List.of("alpha", "beta");

  final TopicCatalogue topics = TopicCatalogue.withPrefix("storm").withPartitions(4);
  private final List<AutoCloseable> closeables = new ArrayList<>();
  private final Map<String, ChildProcess> workers = new LinkedHashMap<>();
  private final StormyLlms llms;
  private final Cluster cluster;
  private @Nullable Gateway gateway;

  private StormWorld() throws IOException {
    this.llms = opened(StormyLlms.start(LLMS));
    this.cluster = opened(Cluster.start(0, 0));
  }

  private void bringUp(Path directory, String tenant) throws Exception {
    cluster.prepare(topics, LLMS.stream().map(this::profile).toList());
    try (TenantPublisher tenants = TenantPublisher.open(topics.tenants(), cluster.settings())) {
      tenants.publish(
          Tenant.newBuilder()
              .setTenant(tenant)
              .setBudgetUsdPerHour(10_000.0)
              .setBurstUsd(10_000.0)
              .setUpdatedAt(now())
              .build());
    }
    for (String llm : LLMS) {
      for (int number = 1; number <= 2; number++) {
        worker(directory, llm, llm + "-" + number);
      }
    }
    workers.values().forEach(ChildProcess::start);
    QueryEncoder encoder = opened(Encoders.open(EncoderSettings.staticEncoder()));
    Router unusedRouter =
        opened(
            Router.start(
                RouterSettings.from(
                    values(
                        "router.fallback-llm",
                        LLMS.get(0),
                        "router.from",
                        "earliest",
                        "router.state-dir",
                        directory.resolve("router").toString()),
                    "storm"),
                encoder,
                new SimpleMeterRegistry()));
    this.gateway =
        opened(
            Gateway.start(
                GatewaySettings.from(values("gateway.port", "0")), new SimpleMeterRegistry()));
  }

  /**
   * Starts everything.
   *
   * @param directory for logs and state; should be empty
   * @param tenant that pays for its queries
   */
  static StormWorld start(Path directory, String tenant) throws Exception {
    StormWorld world = new StormWorld();
    try {
      world.bringUp(directory, tenant);
      return world;
    } catch (Exception | AssertionError e) {
      world.close();
      throw e;
    }
  }

  private <T extends AutoCloseable> T opened(T part) {
    closeables.add(part);
    return part;
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  private LlmProfile profile(String llm) {
    return LlmProfile.newBuilder()
        .setId(llm)
        .setTopic(topics.requests(llm))
        .setStatus(LlmStatus.ACTIVE)
        .setInputUsdPerMillionTokens(1.0)
        .setOutputUsdPerMillionTokens(2.0)
        .setUpdatedAt(now())
        .build();
  }

  private Map<String, String> texts(String... keysAndTexts) {
    Map<String, String> texts = cluster.texts(topics);
    for (int i = 0; i < keysAndTexts.length; i += 2) {
      texts.put(keysAndTexts[i], keysAndTexts[i + 1]);
    }
    return texts;
  }

  private SettingValues values(String... keysAndTexts) {
    return SettingValues.of(texts(keysAndTexts));
  }

  private void worker(Path directory, String llm, String name) throws Exception {
    Map<String, String> settings =
        texts(
            "worker.llm",
            llm,
            "worker.url",
            llms.url(llm),
            "worker.heartbeat",
            "1s",
            "metrics.port",
            Integer.toString(FreePort.find()));
    Path config = ChildProcess.settings(directory, name, settings);
    workers.put(
        name,
        opened(
            ChildProcess.of(
                name,
                ChildProcess.Jvm.quick("256m"),
                directory,
                Map.of(),
                Turnout.class.getName(),
                "worker",
                "--config",
                config.toString())));
  }

  String url() {
    return Objects.requireNonNull(gateway).url();
  }

  StormyLlms llms() {
    return llms;
  }

  List<ChildProcess> workers() {
    return List.copyOf(workers.values());
  }

  /** Settings of clients and serdes. */
  Map<String, Object> clients() {
    return cluster.settings();
  }

  @Override
  public void close() throws Exception {
    @Nullable Exception failed = null;
    for (int i = closeables.size() - 1; i >= 0; i--) {
      try {
        closeables.get(i).close();
      } catch (Exception e) {
        failed = e;
      }
    }
    if (failed != null) {
      throw failed;
    }
  }
}
