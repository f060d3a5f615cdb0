package dev.turnout.learner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.control.TopicFollower;
import dev.turnout.control.llm.LlmDirectory;
import dev.turnout.control.model.ModelPublisher;
import dev.turnout.control.model.ModelTopicListener;
import dev.turnout.control.model.Rollout;
import dev.turnout.control.model.ServingSnapshot;
import dev.turnout.control.model.ServingState;
import dev.turnout.learner.rollout.ModelExtension;
import dev.turnout.model.RouterModel;
import dev.turnout.router.RealKafka;
import dev.turnout.router.Router;
import dev.turnout.router.RouterMetrics;
import dev.turnout.router.TinyEncoder;
import dev.turnout.router.TinyModels;
import dev.turnout.schema.ModelEvent;
import dev.turnout.schema.RouterModelRecord;
import dev.turnout.schema.RoutingDecision;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Staging and roll-back through the real topics, with two routers and a learner. */
class StagedPromotionIT {
  private static final Duration PATIENCE = RealKafka.PATIENCE;
  private static final String GOOD = TinyModels.LLMS.get(0);
  private static final String POOR = TinyModels.LLMS.get(1);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Test
  void shouldClimbTheStagesAndTakeBackWhatEarnsLess() throws Exception {
    try (RealKafka kafka = RealKafka.withTopics("staged");
        ModelPublisher models = kafka.models()) {
      // given two routers, a learner, and traffic that is graded: one LLM is good, the others poor
      kafka.publishLlms();
      models.publish(TinyModels.favouring("m1", GOOD), null, "for the test");
      try (Router one = router(kafka, "one");
          Router two = router(kafka, "two");
          Learner learner = learner(kafka);
          GradedStream traffic = GradedStream.start(kafka, Map.of(GOOD, 0.9, POOR, 0.2))) {
        RealKafka.await(
            "both routers", PATIENCE, () -> one.status().ready() && two.status().ready());

        // when a model that is as good is staged
        models.upload(TinyModels.favouring("m2", GOOD), "m1", "for the test");
        models.stage("m2", 0, "for the test", Map.of());
        RealKafka.await("m2 in charge", PATIENCE, () -> events(kafka).contains("PROMOTED m2"));

        // then it climbed stage by stage
        assertThat(of(kafka, "m2")).containsExactly("STAGED 0.0", "STAGED 0.2", "PROMOTED m1");

        // when a model that is worse is put in shadow
        models.upload(TinyModels.favouring("m3", POOR), "m2", "for the test");
        models.stage("m3", 0, "for the test", Map.of());
        RealKafka.await("m3 to be rejected", PATIENCE, () -> events(kafka).contains("REJECTED m3"));

        // then it never served all
        assertThat(of(kafka, "m3")).startsWith("STAGED 0.0").endsWith("REJECTED null");
        assertThat(events(kafka)).doesNotContain("PROMOTED m3");
        int before = learner.status().rollBacks();

        // when one that is worse serves a share
        models.upload(TinyModels.favouring("m4", POOR), "m2", "for the test");
        models.stage("m4", 0.2, "for the test", Map.of());
        RealKafka.await(
            "m4 to be taken back", PATIENCE, () -> events(kafka).contains("REJECTED m4"));

        // then the live reward took it back, by its share of the queries alone
        assertThat(of(kafka, "m4")).containsExactly("STAGED 0.2", "REJECTED null");
        assertThat(events(kafka)).containsSubsequence("STAGED m4", "ROLLED_BACK m2", "REJECTED m4");
        RealKafka.await(
            "both routers to serve m2 alone",
            PATIENCE,
            () -> alone(one.serving(), "m2") && alone(two.serving(), "m2"));

        // when it is promoted by hand all the same
        models.promote("m4", "m2", "by hand", Map.of());
        RealKafka.await(
            "m4 to be taken back again",
            PATIENCE,
            () ->
                events(kafka).lastIndexOf("ROLLED_BACK m2") > events(kafka).indexOf("PROMOTED m4"));
        RealKafka.await(
            "both routers to return to m2",
            PATIENCE,
            () -> alone(one.serving(), "m2") && alone(two.serving(), "m2"));
        RealKafka.await(
            "the roll-backs", PATIENCE, () -> learner.status().rollBacks() == before + 2);

        // when a model is promoted that an LLM which came meanwhile has to be added to
        kafka.publishLlm("acme/delta");
        RealKafka.await("m2 with delta", PATIENCE, () -> extended(kafka, "m2") != null);
        String extended = String.valueOf(extended(kafka, "m2"));
        models.upload(TinyModels.favouring("m5", POOR), extended, "for the test");
        models.promote("m5", extended, "by hand", Map.of());
        RealKafka.await(
            "m5 with delta to be taken back",
            PATIENCE,
            () -> events(kafka).contains("ROLLED_BACK " + extended));
        String poor = String.valueOf(extended(kafka, "m5"));
        RealKafka.await(
            "m5 and its extension to be rejected",
            PATIENCE,
            () -> events(kafka).containsAll(List.of("REJECTED m5", "REJECTED " + poor)));

        // then the watch went on through the extension
        assertThat(of(kafka, poor)).containsExactly("PROMOTED " + extended, "REJECTED null");

        // then every decision of the trials was made by the model that its id's hash says
        traffic.close();
        checkDecisions(traffic.decisions(), promoted(kafka, "m4"));
        // and the topic read anew says what both routers say
        Rollout replayed = replayed(kafka);
        RealKafka.await(
            "both routers to say what the topic says",
            PATIENCE,
            () ->
                replayed.equals(one.serving().rollout())
                    && replayed.equals(two.serving().rollout()));
      }
    }
  }

  private static @Nullable String extended(RealKafka kafka, String version) {
    return records(kafka).stream()
        .filter(e -> e.getKind() == ModelEvent.PROMOTED)
        .map(RouterModelRecord::getVersion)
        .filter(promoted -> ModelExtension.isOf(promoted, version))
        .findFirst()
        .orElse(null);
  }

  private static void checkDecisions(List<RoutingDecision> decisions, Instant promotedByHand) {
    ServingSnapshot trial =
        new ServingSnapshot(
            TinyModels.favouring("m2", GOOD),
            TinyModels.favouring("m4", POOR),
            new Rollout(null, new Rollout.Stage("m4", 0.2, Instant.EPOCH), null),
            LlmDirectory.empty());
    Set<String> routers = new HashSet<>();
    int inShadow = 0;
    int byCanary = 0;
    for (RoutingDecision decision : decisions) {
      if ("m3".equals(decision.getStagedModelVersion())) {
        inShadow++;
        assertThat(decision.getStagedLlm()).isEqualTo(POOR);
        assertThat(decision.getModelVersion()).isEqualTo("m2");
        assertThat(decision.getLlm()).isEqualTo(GOOD);
      }
      if (decision.getModelVersion().equals("m4")
          && decision.getDecidedAt().isBefore(promotedByHand)) {
        byCanary++;
        routers.add(decision.getRouterId());
        RouterModel byHash = trial.modelFor(decision.getQueryId());
        assertThat(byHash == null ? "" : byHash.version()).isEqualTo("m4");
        assertThat(decision.getLlm()).isEqualTo(POOR);
      }
    }
    assertThat(inShadow).as("queries scored in shadow").isPositive();
    assertThat(byCanary).as("queries the canary decided").isGreaterThanOrEqualTo(20);
    assertThat(routers).as("routers that sent queries to the canary").contains("one", "two");
  }

  private static boolean alone(ServingSnapshot serving, String version) {
    RouterModel model = serving.model();
    return model != null && model.version().equals(version) && serving.rollout().stage() == null;
  }

  private static Router router(RealKafka kafka, String id) {
    return Router.start(
        kafka.settings("router.id", id, "router.policy", "argmax"),
        new TinyEncoder(),
        new SimpleMeterRegistry());
  }

  private Learner learner(RealKafka kafka) {
    return Learner.start(
        LearnerWorld.settings(
            kafka,
            directory,
            "learner.stages",
            "shadow, 0.2, 1",
            "learner.stage-grades",
            "60",
            "learner.rollback-fewest",
            "20",
            "learner.rollback-watch",
            "500",
            "learner.cold-start",
            "false",
            "learner.cells",
            "4",
            "learner.cells-after",
            "100000",
            "learner.train-after-grades",
            "1000000",
            "learner.train-after",
            "9h",
            "learner.warm-start",
            "true"),
        TinyEncoder.ID,
        new SimpleMeterRegistry());
  }

  private static List<RouterModelRecord> records(RealKafka kafka) {
    return kafka.committed(kafka.topics.models(), RouterModelRecord.class).stream()
        .filter(e -> e.getKind() != ModelEvent.CHUNK && e.getKind() != ModelEvent.MANIFEST)
        .toList();
  }

  private static Instant promoted(RealKafka kafka, String version) {
    return records(kafka).stream()
        .filter(e -> e.getKind() == ModelEvent.PROMOTED && e.getVersion().equals(version))
        .findFirst()
        .orElseThrow()
        .getCreatedAt();
  }

  private static List<String> events(RealKafka kafka) {
    return records(kafka).stream().map(e -> e.getKind() + " " + e.getVersion()).toList();
  }

  /** A version's events with what each adds: share, or the version that it replaces. */
  private static List<String> of(RealKafka kafka, String version) {
    List<String> events = new ArrayList<>();
    for (RouterModelRecord event : records(kafka)) {
      if (event.getVersion().equals(version)) {
        Object detail =
            event.getKind() == ModelEvent.STAGED ? event.getCanaryShare() : event.getParent();
        events.add(event.getKind() + " " + detail);
      }
    }
    return events;
  }

  private static Rollout replayed(RealKafka kafka) throws InterruptedException {
    ServingState live = new ServingState();
    try (TopicFollower follower =
        ModelTopicListener.follow(
            kafka.topics.models(),
            kafka.clientConfig(),
            TinyEncoder.ID,
            live,
            RouterMetrics.unobserved())) {
      assertThat(follower.awaitCaughtUp(PATIENCE)).isTrue();
    }
    return live.serving().rollout();
  }
}
