package dev.turnout.connect.batch;

import java.util.regex.Pattern;

/** What the metadata of a query, and of its outcome, say of the batch that it belongs to. */
public final class BatchKeys {

  /** Name of the batch. */
  public static final String BATCH = "batch.name";

  /** The request's {@code custom_id}. */
  public static final String REQUEST = "batch.custom_id";

  private static final Pattern OTHER = Pattern.compile("[^A-Za-z0-9_-]");
  private static final int LONGEST = 100;

  private BatchKeys() {}

  /** The name of the batch in a file: the file's, without its ending, fit for a file's name. */
  public static String batchOf(String file) {
    String name = file.substring(file.lastIndexOf('/') + 1);
    int dot = name.lastIndexOf('.');
    return fit(dot > 0 ? name.substring(0, dot) : name);
  }

  /** A name that leads nowhere else when it names a file, whoever chose it. */
  public static String fit(String name) {
    String fit = OTHER.matcher(name).replaceAll("_");
    return fit.isEmpty() ? "_" : fit.substring(0, Math.min(LONGEST, fit.length()));
  }
}
