/** The place-of-service codes of the CMS list that practices of this kind use. Others are valid too. */
export const PLACES: Record<string, string> = {
  "02": "Telehealth, client not at home",
  "03": "School",
  "04": "Homeless shelter",
  "10": "Telehealth, client at home",
  "11": "Office",
  "12": "Client's home",
  "13": "Assisted living facility",
  "14": "Group home",
  "19": "Off-campus outpatient hospital",
  "21": "Inpatient hospital",
  "22": "On-campus outpatient hospital",
  "31": "Skilled nursing facility",
  "32": "Nursing facility",
  "49": "Independent clinic",
  "50": "Federally qualified health center",
  "51": "Inpatient psychiatric facility",
  "52": "Psychiatric facility, partial hospitalization",
  "53": "Community mental health center",
  "57": "Non-residential substance abuse treatment facility",
  "62": "Comprehensive outpatient rehabilitation facility",
  "71": "Public health clinic",
  "72": "Rural health clinic",
  "99": "Other place",
};

/** `11 Office`. */
export function placeInWords(code: string): string {
  return PLACES[code] ? `${code} ${PLACES[code]}` : code;
}
