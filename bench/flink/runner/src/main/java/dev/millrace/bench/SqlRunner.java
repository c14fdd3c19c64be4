package dev.millrace.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;

/**
 * Runs a SQL file in this JVM, on a local mini cluster, to its end: {@code SqlRunner CONFIG_DIR FILE [NAME=VALUE…]}.
 * {@code ${NAME}} in the file and in the configuration is replaced first. A statement ends with a semicolon at the
 * end of a line.
 */
public final class SqlRunner {
  private static final Pattern SET = Pattern.compile("SET\\s+'([^']+)'\\s*=\\s*'([^']*)'");

  public static void main(String[] args) throws Exception {
    List<String> params = List.of(args).subList(2, args.length);
    Configuration configuration = new Configuration();
    GlobalConfiguration.loadConfiguration(args[0])
        .toMap()
        .forEach((key, value) -> configuration.setString(key, substitute(value, params)));
    TableEnvironment tables =
        TableEnvironment.create(
            EnvironmentSettings.newInstance()
                .inStreamingMode()
                .withConfiguration(configuration)
                .build());
    for (String statement : statements(substitute(Files.readString(Path.of(args[1])), params))) {
      Matcher set = SET.matcher(statement);
      if (set.matches()) tables.getConfig().set(set.group(1), set.group(2));
      else if (statement.startsWith("INSERT")) tables.executeSql(statement).await();
      else tables.executeSql(statement).print();
    }
    // Threads of the mini cluster outlive the job.
    System.exit(0);
  }

  private static String substitute(String text, List<String> params) {
    for (String param : params) {
      int equals = param.indexOf('=');
      text = text.replace("${" + param.substring(0, equals) + "}", param.substring(equals + 1));
    }
    return text;
  }

  private static List<String> statements(String sql) {
    String code =
        sql.lines().filter(line -> !line.startsWith("--")).collect(Collectors.joining("\n"));
    List<String> statements = new ArrayList<>();
    for (String statement : code.split(";\\s*(\n|$)")) {
      if (!statement.isBlank()) statements.add(statement.strip());
    }
    return statements;
  }

  private SqlRunner() {}
}
