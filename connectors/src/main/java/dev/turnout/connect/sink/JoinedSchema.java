package dev.turnout.connect.sink;

import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;

/** The row of a decision with its outcome and grades; what is not known is null. */
final class JoinedSchema {
  private static final Schema MOMENT =
      LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG));

  static final Schema SCORE =
      SchemaBuilder.record("Score")
          .namespace("dev.turnout.joined")
          .fields()
          .requiredString("llm")
          .requiredDouble("predictedSuccess")
          .optionalDouble("expectedCostUsd")
          .requiredDouble("propensity")
          .requiredBoolean("eligible")
          .endRecord();

  static final Schema GRADE =
      SchemaBuilder.record("JoinedGrade")
          .namespace("dev.turnout.joined")
          .fields()
          .requiredString("llm")
          .requiredString("grader")
          .requiredDouble("reward")
          .optionalString("comment")
          .name("gradedAt")
          .type(MOMENT)
          .noDefault()
          .endRecord();

  static final Schema ANSWER =
      SchemaBuilder.record("JoinedAnswer")
          .namespace("dev.turnout.joined")
          .fields()
          .requiredString("llm")
          .requiredBoolean("shadow")
          .requiredString("status")
          .optionalString("answer")
          .optionalString("error")
          .optionalLong("promptTokens")
          .optionalLong("completionTokens")
          .optionalDouble("costUsd")
          .optionalLong("latencyMs")
          .name("finishedAt")
          .type(MOMENT)
          .noDefault()
          .endRecord();

  static final Schema ROW =
      SchemaBuilder.record("JoinedDecision")
          .namespace("dev.turnout.joined")
          .fields()
          .requiredString("queryId")
          .requiredString("tenant")
          .optionalString("session")
          .optionalString("text")
          .requiredString("llm")
          .requiredString("policy")
          .requiredDouble("propensity")
          .requiredString("modelVersion")
          .requiredString("encoderId")
          .requiredBoolean("explored")
          .requiredBoolean("outOfDistribution")
          .requiredString("fallback")
          .requiredString("reason")
          .optionalInt("cell")
          .name("decidedAt")
          .type(MOMENT)
          .noDefault()
          .name("metadata")
          .type(SchemaBuilder.map().values().stringType())
          .noDefault()
          .name("ranking")
          .type(SchemaBuilder.array().items(SCORE))
          .noDefault()
          .name("answers")
          .type(SchemaBuilder.array().items(ANSWER))
          .noDefault()
          .name("grades")
          .type(SchemaBuilder.array().items(GRADE))
          .noDefault()
          .endRecord();

  private JoinedSchema() {}
}
