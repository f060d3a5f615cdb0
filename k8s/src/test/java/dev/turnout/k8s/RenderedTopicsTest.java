package dev.turnout.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.access.AccessCatalogue;
import dev.turnout.access.Grant;
import dev.turnout.access.Role;
import dev.turnout.config.ConnectionSettings;
import dev.turnout.config.SettingValues;
import dev.turnout.console.ConsoleSettings;
import dev.turnout.grader.GraderSettings;
import dev.turnout.learner.LearnerSettings;
import dev.turnout.router.RouterSettings;
import dev.turnout.topic.GroupNames;
import dev.turnout.topic.TopicCatalogue;
import dev.turnout.topic.TopicSpec;
import dev.turnout.worker.WorkerSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import kafka.server.KafkaConfig;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.SecurityUtils;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RenderedTopicsTest {

  /** Apicurio's own, which are no part of the catalogue. */
  private static final String REGISTRY = "turnout-registry";

  @ParameterizedTest
  @ValueSource(strings = {"production-cpu", "production-gpu"})
  void shouldDeclareTheTopicsOfTheCatalogueAndNoOthers(String overlay) {
    // given
    List<Manifest> objects = Manifest.ofOverlay(overlay);
    ConnectionSettings connection = ConnectionSettings.from(settings(objects, "router"));
    TopicCatalogue catalogue = connection.topics();
    Map<String, TopicSpec> wanted = new TreeMap<>();
    for (TopicSpec topic : catalogue.topics()) {
      if (!topic.perLlm()) {
        wanted.put(topic.name(), topic);
      }
    }
    llms(objects)
        .forEach(
            llm -> catalogue.requestsSpecs(llm).forEach(topic -> wanted.put(topic.name(), topic)));

    // when
    Map<String, JsonNode> declared = new TreeMap<>();
    of(objects, "KafkaTopic")
        .forEach(topic -> declared.put(topic.spec().path("topicName").asText(), topic.spec()));

    // then
    assertThat(declared.keySet()).isEqualTo(wanted.keySet());
    declared.forEach(
        (name, spec) -> {
          TopicSpec topic = wanted.get(name);
          assertThat(topic).isNotNull();
          assertThat(Manifest.texts(spec.path("config"))).as(name).isEqualTo(topic.config());
          assertThat(spec.path("partitions").asInt()).as(name).isEqualTo(topic.partitions());
          assertThat(spec.path("replicas").asInt()).as(name).isEqualTo(3);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"production-cpu", "production-gpu"})
  void shouldGrantEachRoleWhatTheCatalogueGrantsAndNoMore(String overlay) {
    // given
    List<Manifest> objects = Manifest.ofOverlay(overlay);
    Map<String, Set<String>> wanted = new TreeMap<>();
    for (RolePod pod : RolePod.among(objects)) {
      String user = pod.from().name();
      AccessCatalogue access = access(objects, pod);
      if (pod.command().equals("worker")) {
        wanted.put(user, rights(access.worker(WorkerSettings.from(pod.settings()).llm())));
      } else if (pod.command().equals("topics") || pod.command().equals("apply")) {
        wanted.put("turnout-operator", rights(access.of(Role.OPERATOR)));
      } else {
        wanted.put(user, rights(access.of(Role.valueOf(pod.command().toUpperCase(Locale.ROOT)))));
      }
      if (of(objects, "TriggerAuthentication").findAny().isPresent()) {
        wanted.put("turnout-autoscaler", rights(access.of(Role.AUTOSCALER)));
      }
    }

    // when
    Map<String, Set<String>> declared = new TreeMap<>();
    of(objects, "KafkaUser")
        .filter(user -> !user.name().equals(REGISTRY))
        .forEach(user -> declared.put(user.name(), rights(user)));

    // then
    assertThat(declared).isEqualTo(wanted);
  }

  @ParameterizedTest
  @ValueSource(strings = {"production-cpu", "production-gpu"})
  void shouldScaleByGroupsAndTopicsThatThereAre(String overlay) {
    // given
    List<Manifest> objects = Manifest.ofOverlay(overlay);
    SettingValues routers = settings(objects, "router");
    TopicCatalogue topics = ConnectionSettings.from(routers).topics();
    Set<String> known = new TreeSet<>();
    known.add(topics.queries() + " " + RouterSettings.from(routers, "").applicationId());
    RolePod.among(objects).stream()
        .filter(pod -> pod.command().equals("grader"))
        .map(pod -> GraderSettings.from(pod.settings()).id())
        .forEach(id -> known.add(topics.outcomes() + " " + GroupNames.graders(topics, id)));

    // when
    List<String> asked = new ArrayList<>();
    of(objects, "ScaledObject")
        .flatMap(object -> object.spec().path("triggers").findParents("consumerGroup").stream())
        .forEach(
            trigger ->
                asked.add(
                    trigger.path("topic").asText() + " " + trigger.path("consumerGroup").asText()));

    // then
    assertThat(known).containsAll(asked);
  }

  @ParameterizedTest
  @ValueSource(strings = {"production-cpu", "production-gpu"})
  void shouldSetNothingOnBrokersThatKafkaDoesNotKnow(String overlay) {
    List<Manifest> kafkas = of(Manifest.ofOverlay(overlay), "Kafka").toList();
    assertThat(kafkas).hasSize(1);
    Set<String> names = new TreeSet<>();
    KafkaConfig.configNames().foreach(names::add);
    Set<String> set = Manifest.texts(kafkas.get(0).spec().path("kafka").path("config")).keySet();
    assertThat(names).containsAll(set);
  }

  private static java.util.stream.Stream<Manifest> of(List<Manifest> objects, String kind) {
    return objects.stream().filter(object -> object.kind().equals(kind));
  }

  private static SettingValues settings(List<Manifest> objects, String command) {
    return RolePod.among(objects).stream()
        .filter(pod -> pod.command().equals(command))
        .findFirst()
        .orElseThrow()
        .settings();
  }

  private static List<String> llms(List<Manifest> objects) {
    return RolePod.among(objects).stream()
        .filter(pod -> pod.command().equals("worker"))
        .map(pod -> WorkerSettings.from(pod.settings()).llm())
        .toList();
  }

  private static AccessCatalogue access(List<Manifest> objects, RolePod pod) {
    ConnectionSettings connection = ConnectionSettings.from(pod.settings());
    String grader =
        Optional.of(pod)
            .filter(each -> each.command().equals("grader"))
            .map(each -> GraderSettings.from(each.settings()).id())
            .orElse("none");
    return new AccessCatalogue(
        connection.topics(),
        connection.replyTopics(),
        RouterSettings.from(settings(objects, "router"), "").applicationId(),
        LearnerSettings.from(settings(objects, "learner")).applicationId(),
        pod.command().equals("console")
            ? ConsoleSettings.from(pod.settings()).applicationId()
            : "none",
        grader,
        true);
  }

  private static Set<String> rights(List<Grant> grants) {
    Set<String> rights = new TreeSet<>();
    for (Grant grant : grants) {
      String type =
          grant.resource().resourceType() == ResourceType.TRANSACTIONAL_ID
              ? "transactionalid"
              : grant.resource().resourceType().name().toLowerCase(Locale.ROOT);
      String pattern = grant.resource().patternType().name().toLowerCase(Locale.ROOT);
      grant
          .operations()
          .forEach(
              operation ->
                  rights.add(
                      right(
                          type,
                          grant.resource().name(),
                          pattern,
                          SecurityUtils.operationName(operation))));
    }
    return rights;
  }

  private static Set<String> rights(Manifest user) {
    return StreamSupport.stream(user.spec().path("authorization").path("acls").spliterator(), false)
        .flatMap(
            acl ->
                StreamSupport.stream(acl.path("operations").spliterator(), false)
                    .map(
                        operation ->
                            right(
                                acl.path("resource").path("type").asText().toLowerCase(Locale.ROOT),
                                acl.path("resource").path("name").asText(),
                                acl.path("resource").path("patternType").asText(),
                                operation.asText())))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String right(String type, String name, String pattern, String operation) {
    return operation + " " + type + " " + name + " " + pattern;
  }
}
