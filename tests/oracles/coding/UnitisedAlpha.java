// Writes expected_dkpro.csv: alpha for unitised text as DKPro Agreement computes it (Meyer et al.
// 2014), on passages.csv. From this folder, with the sources of dkpro-statistics 2.3.2-SNAPSHOT
// (commit f7f4f89) and slf4j-api (Debian: libslf4j-java):
//
//   CP=/usr/share/java/slf4j-api.jar
//   javac -cp $CP -d out -sourcepath dkpro-statistics-agreement/src/main/java UnitisedAlpha.java
//   java -cp out:$CP UnitisedAlpha > expected_dkpro.csv

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.dkpro.statistics.agreement.unitizing.KrippendorffAlphaUnitizingAgreement;
import org.dkpro.statistics.agreement.unitizing.UnitizingAnnotationStudy;

public class UnitisedAlpha {
    public static void main(String[] args) throws Exception {
        List<String[]> rows = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("passages.csv"))) rows.add(line.split(","));
        rows.remove(0);
        System.out.println("dataset,code,value");
        for (String dataset : List.of("example", "two_coders", "four_coders")) {
            TreeSet<String> coders = new TreeSet<>(), codes = new TreeSet<>();
            int length = 0;
            for (String[] row : rows) {
                if (!row[0].equals(dataset)) continue;
                length = Integer.parseInt(row[1]);
                coders.add(row[2]);
                codes.add(row[3]);
            }
            UnitizingAnnotationStudy study = new UnitizingAnnotationStudy(coders.size(), 0, length);
            for (String[] row : rows) {
                if (!row[0].equals(dataset)) continue;
                int start = Integer.parseInt(row[4]), end = Integer.parseInt(row[5]);
                study.addUnit(start, end - start, coders.headSet(row[2]).size(), row[3]);
            }
            KrippendorffAlphaUnitizingAgreement alpha = new KrippendorffAlphaUnitizingAgreement(study);
            for (String code : codes)
                System.out.println(dataset + "," + code + "," + alpha.calculateCategoryAgreement(code));
            System.out.println(dataset + ",," + alpha.calculateAgreement());
        }
    }
}
