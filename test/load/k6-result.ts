/** What k6 measured, as its documentation shows it. */
export const K6_METRICS = {
  http_req_duration: { avg: 144.56, min: 104.11, med: 110.47, max: 1140, 'p(90)': 203.54, 'p(99.9)': 1000 },
  http_reqs: { count: 180, rate: 4.5 },
  http_req_failed: { passes: 9, fails: 171, value: 0.05 },
  data_received: { count: 1300000, rate: 31000 },
  vus_max: { value: 19, min: 19, max: 19 },
};

/** What k6 prints, of another run. */
export const K6_TEXT = `
     data_received..................: 1.3 MB 31 kB/s
     http_req_duration..............: avg=144.56ms min=104.11ms med=110.47ms max=1.14s p(90)=203.54ms p(95)=215.95ms
     http_req_failed................: 0.00% ✓ 0 ✗ 180
     http_reqs......................: 180 4.5/s
     vus_max........................: 20 min=20 max=20
`;
