package dev.turnout.connect.source.row;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.avro.specific.SpecificRecord;

/** Makes a record of a row's fields. */
public interface RowMapping {

  /**
   * A record with its key.
   *
   * @param key of the record: the query's id
   * @param value the record
   */
  record Keyed(String key, SpecificRecord value) {}

  /**
   * The record of a row.
   *
   * @throws RowException if the fields do not make one
   */
  Keyed map(ObjectNode fields, RowPlace place) throws RowException;
}
