package dev.turnout.app.command.apply;

import dev.turnout.app.command.Connection;
import dev.turnout.app.command.llm.LlmRoom;
import dev.turnout.app.console.CommandFailure;
import dev.turnout.app.kafka.TopicCreation;
import dev.turnout.control.KeyedPublisher;
import dev.turnout.control.llm.LlmPublisher;
import dev.turnout.control.tenant.TenantPublisher;
import dev.turnout.schema.ApiKey;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.Tenant;
import dev.turnout.topic.FieldLimits;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * What has to be done so that the topics hold what is declared. A plan writes nothing: it is made
 * of what the topics hold now, and each of its changes knows the step that brings it about. After
 * all steps a new plan has no change left.
 */
final class ApplyPlan {
  private final Connection connection;
  private final Instant now;
  private final List<PlannedChange> changes = new ArrayList<>();

  private ApplyPlan(Connection connection, Instant now) {
    this.connection = connection;
    this.now = now;
  }

  /**
   * Compares.
   *
   * @param prune also removes what is not declared, of those kinds of which something is
   * @return a change for each thing that is declared or removed, in the order in which to make them
   * @throws CommandFailure if something cannot be as it is declared
   */
  static List<PlannedChange> of(
      Declarations declared, Connection connection, boolean prune, Instant now) {
    ApplyPlan plan = new ApplyPlan(connection, now);
    if (!declared.llms().isEmpty()) {
      plan.llms(declared.llms(), prune);
    }
    if (!declared.tenants().isEmpty()) {
      plan.tenants(declared.tenants(), prune);
    }
    if (!declared.keys().isEmpty()) {
      plan.keys(declared.keys(), prune);
    }
    if (!declared.models().isEmpty()) {
      plan.changes.addAll(new ModelPlan(connection).changes(declared.models()));
    }
    return plan.changes;
  }

  private void llms(List<LlmDeclaration> declared, boolean prune) {
    Map<String, LlmProfile> known = connection.profiles();
    Map<String, LlmProfile> all = new HashMap<>(known);
    if (prune) {
      all.keySet()
          .retainAll(declared.stream().map(llm -> llm.said().getId()).collect(Collectors.toSet()));
    }
    for (LlmDeclaration each : declared) {
      String id = each.said().getId();
      LlmProfile next = each.next(known.get(id), connection.topics().requests(id));
      require(each.from(), "the profile", next);
      try {
        LlmRoom.require(id, next.getTopic(), all.values());
      } catch (CommandFailure e) {
        throw new CommandFailure(each.from().place() + ": id: " + e.getMessage(), e);
      }
      all.put(id, next);
      add(LlmDeclaration.KIND, id, known.get(id), next, () -> publish(next));
    }
    if (prune) {
      for (String id : undeclared(known.keySet(), all.keySet())) {
        changes.add(
            new PlannedChange(
                LlmDeclaration.KIND,
                id,
                PlannedChange.Action.REMOVED,
                List.of("its topic stays, so that workers can finish"),
                () -> {
                  try (LlmPublisher publisher = connection.llmPublisher()) {
                    publisher.retire(id);
                  }
                }));
      }
    }
  }

  private void publish(LlmProfile llm) throws InterruptedException {
    TopicCreation.Created unusedNews =
        TopicCreation.createRequests(connection.installation(), List.of(llm.getId()));
    try (LlmPublisher publisher = connection.llmPublisher()) {
      publisher.publish(
          LlmProfile.newBuilder(llm).setUpdatedAt(now.truncatedTo(ChronoUnit.MILLIS)).build());
    }
  }

  private void tenants(List<TenantDeclaration> declared, boolean prune) {
    Map<String, Tenant> known = connection.tenants();
    List<String> names = new ArrayList<>();
    for (TenantDeclaration each : declared) {
      Tenant next =
          Tenant.newBuilder(each.said()).setUpdatedAt(now.truncatedTo(ChronoUnit.MILLIS)).build();
      String name = next.getTenant();
      names.add(name);
      require(each.from(), "the tenant", next);
      add(
          TenantDeclaration.KIND,
          name,
          known.get(name),
          next,
          () -> {
            try (TenantPublisher publisher = connection.tenantPublisher()) {
              publisher.publish(next);
            }
          });
    }
    if (prune) {
      for (String name : undeclared(known.keySet(), Set.copyOf(names))) {
        changes.add(
            new PlannedChange(
                TenantDeclaration.KIND,
                name,
                PlannedChange.Action.REMOVED,
                List.of(),
                () -> {
                  try (TenantPublisher publisher = connection.tenantPublisher()) {
                    publisher.remove(name);
                  }
                }));
      }
    }
  }

  private void keys(List<KeyDeclaration> declared, boolean prune) {
    Map<String, ApiKey> known = connection.keys();
    List<String> ids = new ArrayList<>();
    for (KeyDeclaration each : declared) {
      ApiKey said = each.said();
      if (said == null) {
        throw new IllegalStateException("a key that was refused is planned");
      }
      ApiKey before = known.get(said.getId());
      ApiKey next = each.next(said, before, now);
      ids.add(next.getId());
      add(KeyDeclaration.KIND, next.getId(), before, next, () -> publish(next));
    }
    if (prune) {
      for (String id : undeclared(known.keySet(), Set.copyOf(ids))) {
        ApiKey key = known.get(id);
        if (key != null && key.getRevokedAt() == null) {
          ApiKey revoked =
              ApiKey.newBuilder(key).setRevokedAt(now.truncatedTo(ChronoUnit.MILLIS)).build();
          changes.add(
              new PlannedChange(
                  KeyDeclaration.KIND,
                  id,
                  PlannedChange.Action.REMOVED,
                  List.of("revoked"),
                  () -> publish(revoked)));
        }
      }
    }
  }

  private void publish(ApiKey key) throws InterruptedException {
    try (KeyedPublisher<ApiKey> publisher = connection.keyPublisher()) {
      publisher.publish(key.getId(), key, "key " + key.getId());
    }
  }

  private <R extends SpecificRecordBase> void add(
      String kind, String name, @Nullable R before, R next, PlannedChange.Step step) {
    if (before == null) {
      changes.add(new PlannedChange(kind, name, PlannedChange.Action.CREATED, List.of(), step));
      return;
    }
    List<String> differences = RecordDifferences.between(before, next);
    changes.add(
        differences.isEmpty()
            ? PlannedChange.unchanged(kind, name)
            : new PlannedChange(kind, name, PlannedChange.Action.CHANGED, differences, step));
  }

  private static void require(Declaration from, String what, SpecificRecordBase next) {
    String excess = FieldLimits.excess(next);
    if (excess != null) {
      throw new CommandFailure(
          from.place() + ": " + what + " is too large: its " + excess + "; shorten it");
    }
  }

  private static List<String> undeclared(Set<String> known, Set<String> declared) {
    return known.stream().filter(name -> !declared.contains(name)).sorted().toList();
  }
}
