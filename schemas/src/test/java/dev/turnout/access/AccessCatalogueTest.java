package dev.turnout.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.topic.ReplyTopics;
import dev.turnout.topic.TopicCatalogue;
import dev.turnout.topic.TopicSpec;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessCatalogueTest {

  private static AccessCatalogue access(String prefix, boolean shareGroups) {
    TopicCatalogue topics = TopicCatalogue.withPrefix(prefix);
    return new AccessCatalogue(
        topics,
        ReplyTopics.standard(topics),
        "my-router",
        "my-learner",
        "my-console",
        "judge",
        shareGroups);
  }

  @ParameterizedTest
  @ValueSource(strings = {"turnout", ""})
  void shouldGiveEveryTopicAWriterAndAReader(String prefix) {
    // given
    AccessCatalogue access = access(prefix, true);
    List<Role> parts = Arrays.stream(Role.values()).filter(role -> role != Role.OPERATOR).toList();
    List<String> byPeopleAlone =
        List.of(access.topics().llms(), access.topics().tenants(), access.topics().keys());

    for (TopicSpec topic : access.topics().topics()) {
      // then the table of topics and the ACLs tell the same story
      assertThat(parts).as("readers of %s", topic.name()).anyMatch(reads(access, topic));
      if (!byPeopleAlone.contains(topic.name())) {
        assertThat(parts).as("writers of %s", topic.name()).anyMatch(writes(access, topic));
      }
    }
  }

  private static java.util.function.Predicate<Role> reads(AccessCatalogue access, TopicSpec topic) {
    return role -> allows(access.of(role), topic.name(), AclOperation.READ);
  }

  private static java.util.function.Predicate<Role> writes(
      AccessCatalogue access, TopicSpec topic) {
    return role -> allows(access.of(role), topic.name(), AclOperation.WRITE);
  }

  private static boolean allows(List<Grant> grants, String topic, AclOperation operation) {
    return grants.stream()
        .filter(grant -> grant.resource().resourceType() == ResourceType.TOPIC)
        .filter(grant -> grant.operations().contains(operation))
        .anyMatch(
            grant ->
                grant.resource().patternType() == PatternType.LITERAL
                    ? topic.equals(grant.resource().name())
                    : topic.startsWith(grant.resource().name()));
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void shouldGrantNothingOnTheClusterNorOnEverything(Role role) {
    for (String prefix : List.of("turnout", "")) {
      List<ResourcePattern> resources =
          access(prefix, true).of(role).stream().map(Grant::resource).toList();

      assertThat(resources).doesNotHaveDuplicates().isNotEmpty();
      assertThat(resources)
          .allSatisfy(
              resource -> {
                assertThat(resource.resourceType()).isNotEqualTo(ResourceType.CLUSTER);
                assertThat(resource.name()).isNotEmpty().isNotEqualTo("*");
              });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"turnout", ""})
  void shouldLetAnOperatorCreateEveryTopic(String prefix) {
    // given
    AccessCatalogue access = access(prefix, true);

    // then
    assertThat(access.topics().topics())
        .allMatch(topic -> allows(access.of(Role.OPERATOR), topic.name(), AclOperation.CREATE));
  }

  @Test
  void shouldFollowApplicationIdsAndPrefix() {
    assertThat(access("team-a", true).of(Role.ROUTER).toString())
        .contains("name=my-router,", "my-router-budgets", "team-a.queries")
        .doesNotContain("turnout.");
    assertThat(access("team-a", true).of(Role.LEARNER).toString())
        .contains("my-learner-join", "my-learner-fold");
  }

  @Test
  void shouldFollowTheDeliveryOfWorkers() {
    // given
    String share = "turnout.workers.acme-small";
    String consumer = "turnout.consumer-workers.acme-small";

    // then each may read by its own group and look at the other
    assertThat(access("turnout", true).worker("acme/small"))
        .contains(
            Grant.group(share, AclOperation.READ, AclOperation.ALTER_CONFIGS),
            Grant.group(consumer, AclOperation.DESCRIBE));
    assertThat(access("turnout", false).worker("acme/small"))
        .contains(
            Grant.group(consumer, AclOperation.READ), Grant.group(share, AclOperation.DESCRIBE));
  }
}
