package dev.turnout.topic;

import dev.turnout.schema.ApiKey;
import dev.turnout.schema.BudgetEvent;
import dev.turnout.schema.BudgetState;
import dev.turnout.schema.Cancellation;
import dev.turnout.schema.Grade;
import dev.turnout.schema.LlmAvailability;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Posterior;
import dev.turnout.schema.Query;
import dev.turnout.schema.Reply;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.schema.RouterModelRecord;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.schema.Tenant;
import dev.turnout.schema.TrainingSample;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;

/**
 * The schemas of the topics' values. Each holds all its types: what is printed or registered of it
 * refers to no other schema.
 */
public final class TopicSchemas {

  private static final Map<String, Schema> BY_NAME =
      Stream.of(
              ApiKey.getClassSchema(),
              BudgetEvent.getClassSchema(),
              BudgetState.getClassSchema(),
              Cancellation.getClassSchema(),
              Grade.getClassSchema(),
              LlmAvailability.getClassSchema(),
              LlmProfile.getClassSchema(),
              Outcome.getClassSchema(),
              Posterior.getClassSchema(),
              Query.getClassSchema(),
              Reply.getClassSchema(),
              RoutedRequest.getClassSchema(),
              RouterModelRecord.getClassSchema(),
              RoutingDecision.getClassSchema(),
              Tenant.getClassSchema(),
              TrainingSample.getClassSchema())
          .collect(Collectors.toUnmodifiableMap(Schema::getName, Function.identity()));

  private TopicSchemas() {}

  /** The schema of a topic's values; empty for one whose values are not Avro of one type. */
  public static Optional<Schema> of(TopicSpec topic) {
    return Optional.ofNullable(BY_NAME.get(topic.value()));
  }

  /** Every schema, in the order of their names. */
  public static List<Schema> all() {
    return BY_NAME.keySet().stream().sorted().map(BY_NAME::get).toList();
  }
}
