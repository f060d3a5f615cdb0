package dev.turnout.app.command.export;

import dev.turnout.app.data.Split;
import dev.turnout.schema.Query;
import java.util.Locale;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;

/** A graded query as a row of an outcomes data set. */
final class OutcomeRow {
  /** What the readers of outcomes know, by their names. */
  static final Schema SCHEMA =
      SchemaBuilder.record("OutcomeRow")
          .namespace("dev.turnout.export")
          .doc("A query with the grades of the LLMs that answered it.")
          .fields()
          .name("id")
          .doc("The split, train or test, a slash, and the query's id.")
          .type(Schema.create(Schema.Type.STRING))
          .noDefault()
          .name("dataset")
          .doc("The query's tenant.")
          .type(Schema.create(Schema.Type.STRING))
          .noDefault()
          .name("question")
          .doc("The query's text.")
          .type(Schema.create(Schema.Type.STRING))
          .noDefault()
          .name("scores")
          .doc("Reward of each LLM's answer, 0..1, mean over the graders.")
          .type(Schema.createMap(Schema.create(Schema.Type.DOUBLE)))
          .noDefault()
          .name("costs")
          .doc("Cost of each LLM's answer in USD, where known.")
          .type(Schema.createMap(Schema.create(Schema.Type.DOUBLE)))
          .noDefault()
          .endRecord();

  private OutcomeRow() {}

  static IndexedRecord of(Query query, GradedAnswers answers) {
    GenericData.Record row = new GenericData.Record(SCHEMA);
    Split split = Split.byChecksum(query.getText());
    row.put("id", split.name().toLowerCase(Locale.ROOT) + "/" + query.getId());
    row.put("dataset", answers.tenant());
    row.put("question", query.getText());
    row.put("scores", answers.scores());
    row.put("costs", answers.costs());
    return row;
  }
}
