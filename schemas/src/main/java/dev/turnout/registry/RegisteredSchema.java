package dev.turnout.registry;

import org.apache.avro.Schema;

/**
 * One version of a subject.
 *
 * @param subject the subject's name
 * @param version version within the subject, from 1
 * @param id global id of the schema, the number on the wire
 * @param schema the schema itself
 */
public record RegisteredSchema(String subject, int version, int id, Schema schema) {}
