package dev.turnout.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SettingsTest {

  @Test
  void shouldKeepEveryNameAndDefault() {
    // given: what users' files rely on; a changed line here is a breaking change
    String pinned =
        """
        kafka.bootstrap.servers=localhost:9092
        registry.url=http://localhost:8081
        topics.prefix=turnout
        topics.partitions=6
        topics.replication=3
        topics.create=false
        topics.reply-to=
        otel.endpoint=
        otel.headers=
        otel.sampling=
        encoder.kind=auto
        encoder.engine=auto
        encoder.device=auto
        encoder.precision=auto
        encoder.max-tokens=0
        encoder.token-budget=0
        encoder.threads=0
        encoder.model-url=
        encoder.tokenizer-url=
        router.application-id=
        router.from=latest
        router.id=
        router.guarantee=exactly-once
        router.group-protocol=classic
        router.policy=argmax
        router.cost-weight=0
        router.latency-weight=0
        router.min-success=
        router.exploration-floor=
        router.thompson-temper=1
        router.switch-gain=0.02
        router.switch-cost-weight=0.02
        router.switch-latency-weight=0.005
        router.budget-window=2m
        router.state-dir=
        router.shadow-share=0
        router.fallback-llm=
        router.max-text-bytes=1048576
        router.forward-headers=traceparent,tracestate
        router.threads=1
        router.poll-records=0
        router.transaction-timeout=5s
        router.start-deadline=30s
        router.thread-replacements=5
        router.seed=1
        learner.application-id=
        learner.from=latest
        learner.window=24h
        learner.patience=10m
        learner.partitions=6
        learner.capacity=200000
        learner.grades-per-second=1000
        learner.grade-burst=10000
        learner.state-dir=
        learner.state-memory-mib=256
        learner.cold-start=true
        learner.cells=12
        learner.cells-after=250
        learner.train-after-grades=1000
        learner.train-after=1h
        learner.held-out=0.25
        learner.warm-start=false
        learner.propensity-clip=2
        learner.training-limit=10m
        learner.samples=20000
        learner.publish-every=250ms
        learner.half-life=30000
        learner.grader-weights=implicit*=0.1, thumbs*=0.5
        learner.gate-margin=-0.01
        learner.gate-confidence=0.95
        learner.gate-samples=200
        learner.gate-effective-samples=50
        learner.stages=1
        learner.stage-grades=200
        learner.rollback=true
        learner.rollback-margin=0.02
        learner.rollback-confidence=0.95
        learner.rollback-fewest=50
        learner.rollback-watch=1000
        learner.seed=1
        worker.llm=
        worker.url=
        worker.model=
        worker.api-key=
        worker.dialect=
        worker.extra-headers=
        worker.delivery=consumer-group
        worker.consumers=1
        worker.concurrency=8
        worker.adaptive-concurrency=true
        worker.timeout=60s
        worker.idle-timeout=30s
        worker.attempts=3
        worker.failovers=2
        worker.patience=10s
        worker.heartbeat=5s
        worker.probe=completion
        worker.max-deliveries=5
        worker.retry-delay=1s
        worker.max-output-tokens=
        grader.kind=judge
        grader.id=
        grader.from=latest
        grader.share=1
        grader.expected-key=
        grader.expected=
        grader.tolerance=0.000001
        grader.model=
        grader.url=
        grader.api-key=
        grader.rubric=Mark correctness first, then helpfulness.
        grader.both-orders=true
        grader.concurrency=8
        grader.patience=2m
        grader.prompt-bytes=131072
        grader.code.allow=false
        grader.code.command=python3,-I
        grader.code.last-line=print("{token}")
        grader.code.timeout=10s
        grader.code.memory-mib=512
        grader.implicit.window=10m
        grader.implicit.sessions=50000
        gateway.host=localhost
        gateway.port=8080
        gateway.timeout=60s
        gateway.tokens=
        gateway.keys-file=
        gateway.max-open=5000
        gateway.decision-memory=1h
        gateway.aliases=
        gateway.cors.origins=
        gateway.heartbeat=15s
        gateway.stream-buffer-bytes=524288
        gateway.max-backlog=5000
        gateway.drain=20s
        console.host=localhost
        console.port=8090
        console.application-id=
        console.state-dir=
        console.recent=2000
        console.history=1d
        metrics.host=localhost
        metrics.port=9464
        """;

    // when
    StringBuilder actual = new StringBuilder();
    for (Setting<?> setting : Configuration.settings()) {
      actual.append((setting.key() + "=" + setting.defaultValue()).strip()).append('\n');
    }

    // then
    assertThat(actual.toString()).isEqualTo(pinned);
  }

  @Test
  void shouldStandInTheDocumentation() throws IOException {
    // given
    Path page = Path.of("..", "docs", "configuration.md");

    // then: turnout check --table prints what belongs there
    assertThat(Files.readString(page)).endsWith(SettingsTable.markdown());
  }

  @Test
  void shouldNameEachEnvironmentVariableOnce() {
    // when
    var variables = Configuration.settings().stream().map(Setting::environmentVariable).toList();

    // then: router.max-poll and router.max.poll would share one
    assertThat(variables).doesNotHaveDuplicates().contains("TURNOUT_ROUTER_COST_WEIGHT");
  }
}
